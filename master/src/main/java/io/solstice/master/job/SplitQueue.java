package io.solstice.master.job;

import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The splits of one source: which are left, and how many are done. */
final class SplitQueue {
    private final Deque<Split> left;
    private final Map<TaskId, Answer> answers = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private final int total;

    SplitQueue(List<Split> splits) {
        this.left = new ArrayDeque<>(splits);
        this.total = splits.size();
    }

    /** What a task gets; {@code last} says that there will be no more. */
    record Answer(long number, List<Split> splits, boolean last) {
        List<SplitStart> starts() {
            return splits.stream().map(split -> new SplitStart(split, 0)).toList();
        }
    }

    /** The answer to a task's question: the same one if it asks again, null if it has had a later one. */
    @Nullable
    Answer answer(TaskId task, long number) {
        Answer before = answers.get(task);
        if (before != null && before.number() >= number) {
            return before.number() == number ? before : null;
        }
        Split next = firstFor(task);
        if (next != null) {
            left.remove(next);
        }
        Answer answer = new Answer(number, next == null ? List.of() : List.of(next), firstFor(task) == null);
        answers.put(task, answer);
        return answer;
    }

    private @Nullable Split firstFor(TaskId task) {
        for (Split split : left) {
            if (split.task() == Split.ANY_TASK || split.task() == task.index()) {
                return split;
            }
        }
        return null;
    }

    void finished(String splitId) {
        done.add(splitId);
    }

    SplitProgress progress() {
        return new SplitProgress(total, done.size());
    }
}
