package io.solstice.master.job;

import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitPosition;
import io.solstice.common.protocol.SplitStart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The splits of one source in one generation: which are left, which task got which, and how many are done. Each split is
 * left or with one task, never both, so that a cut of all tasks at any moment accounts for all of them.
 */
final class SplitQueue {
    private final StageId source;
    private final Deque<SplitStart> left;
    private final Map<TaskId, Answer> answers = new HashMap<>();
    /** For each task, what it was given in this generation, in order. */
    private final Map<TaskId, List<SplitStart>> assigned = new TreeMap<>();

    private final Set<String> done = new HashSet<>();
    private final int doneBefore;
    private final int total;
    private final int tasks;

    /** @param tasks how many the source has */
    SplitQueue(SourcePlan plan, int tasks) {
        this(
                plan.source(),
                tasks,
                plan.total(),
                plan.remaining(),
                plan.total() - plan.remaining().size());
    }

    private SplitQueue(StageId source, int tasks, int total, List<SplitStart> left, int doneBefore) {
        this.source = source;
        this.tasks = tasks;
        this.left = new ArrayDeque<>(left);
        this.total = total;
        this.doneBefore = doneBefore;
    }

    /**
     * Of a generation that was led by another master.
     *
     * @param plan of any checkpoint of it, or what it began with
     * @param tasks how many the source has
     * @param assigned what each task has been given since it began, of which some may be part of the plan
     */
    static SplitQueue resumed(SourcePlan plan, int tasks, Collection<RunAccount.Assigned> assigned) {
        Set<String> given = new HashSet<>();
        assigned.forEach(
                task -> task.splits().forEach(start -> given.add(start.split().id())));
        List<SplitStart> left = plan.remaining().stream()
                .filter(start -> !given.contains(start.split().id()))
                .toList();
        SplitQueue queue =
                new SplitQueue(plan.source(), tasks, plan.total(), left, plan.total() - left.size() - given.size());
        for (RunAccount.Assigned task : assigned) {
            queue.answers.put(task.task(), new Answer(task.number(), List.of(), task.last()));
            queue.assigned.put(task.task(), new ArrayList<>(task.splits()));
            task.splits()
                    .subList(0, task.finished())
                    .forEach(start -> queue.finished(start.split().id()));
        }
        return queue;
    }

    /** What a task gets; {@code last} says that there will be no more. */
    record Answer(long number, List<SplitStart> starts, boolean last) {}

    /**
     * The answer to a task's question: the same one if it asks again, null if it has had a later one.
     *
     * @param ahead whether it has one to read yet
     */
    @Nullable
    Answer answer(TaskId task, long number, boolean ahead) {
        Answer before = answers.get(task);
        if (before != null && before.number() >= number) {
            return before.number() == number ? before : null;
        }
        SplitStart next = ahead && areForOthers(task) ? null : firstFor(task);
        if (next != null) {
            left.remove(next);
        }
        Answer answer = new Answer(number, next == null ? List.of() : List.of(next), firstFor(task) == null);
        answers.put(task, answer);
        assigned.computeIfAbsent(task, first -> new ArrayList<>()).addAll(answer.starts());
        return answer;
    }

    /**
     * Whether the splits that are left should go to tasks without any: as long as each may have one, none that still
     * reads gets a second. It asks again when it has nothing to read, and gets one then if it is still there.
     */
    private boolean areForOthers(TaskId task) {
        SplitStart next = firstFor(task);
        if (next == null || next.split().task() != Split.ANY_TASK) {
            return false;
        }
        long without = tasks
                - assigned.values().stream().filter(given -> !given.isEmpty()).count();
        long forAny = left.stream()
                .filter(start -> start.split().task() == Split.ANY_TASK)
                .count();
        return forAny <= without;
    }

    private @Nullable SplitStart firstFor(TaskId task) {
        for (SplitStart start : left) {
            int wanted = start.split().task();
            if (wanted == Split.ANY_TASK || wanted == task.index()) {
                return start;
            }
        }
        return null;
    }

    /**
     * A task begins again where a checkpoint of the generation is, or its beginning: what it was given since then is
     * left to be read by any.
     *
     * @param base what was to be read at that checkpoint
     */
    void giveBack(TaskId task, SourcePlan base) {
        answers.remove(task);
        Map<String, SplitStart> open = new HashMap<>();
        base.remaining().forEach(start -> open.put(start.split().id(), start));
        for (SplitStart given : assigned.getOrDefault(task, List.of())) {
            SplitStart start = open.get(given.split().id());
            if (start != null) {
                done.remove(start.split().id());
                left.add(start);
            }
        }
        assigned.remove(task);
    }

    void finished(String splitId) {
        done.add(splitId);
    }

    SplitProgress progress() {
        return new SplitProgress(total, doneBefore + done.size());
    }

    /** Whether a task can be where it says that it is. */
    boolean isPossible(TaskId task, SourcePosition position) {
        int given = assigned.getOrDefault(task, List.of()).size();
        int beside = position.beside().size();
        return position.finished() >= 0
                && position.finished() <= given
                && (beside == 0 || position.finished() + 1 + beside <= given)
                && position.rows() >= 0
                && (position.finished() < given || position.rows() == 0);
    }

    /**
     * What has not been read at a cut.
     *
     * @param positions of the tasks that took the cut; all others have come to their end
     */
    SourcePlan remaining(Map<TaskId, SourcePosition> positions) {
        List<SplitStart> remaining = new ArrayList<>();
        assigned.forEach((task, starts) -> {
            SourcePosition position = positions.get(task);
            if (position != null) {
                List<SplitStart> open = starts.subList(position.finished(), starts.size());
                for (int i = 0; i < open.size(); i++) {
                    // A task that has not opened a split counts no rows of it, also if some were read before.
                    if (i == 0) {
                        remaining.add(reached(open.get(0), position.rows(), position.watermark()));
                    } else if (i > position.beside().size()) {
                        remaining.add(open.get(i));
                    } else if (!position.beside().get(i - 1).finished()) {
                        SplitPosition split = position.beside().get(i - 1);
                        remaining.add(reached(open.get(i), split.rows(), split.watermark()));
                    }
                }
            }
        });
        remaining.addAll(left);
        return new SourcePlan(source, total, remaining);
    }

    private static SplitStart reached(SplitStart start, long rows, long watermark) {
        return new SplitStart(start.split(), Math.max(start.rows(), rows), Math.max(start.watermark(), watermark));
    }
}
