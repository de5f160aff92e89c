package io.solstice.master.job;

import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cuts that the tasks of a generation take, and what their sinks seal.
 *
 * <p>What was sealed belongs to the first canonical checkpoint whose cut is behind it, so what was sealed for one that
 * was given up is carried to the next. Therefore a cut is complete only when every sink task has answered it and all
 * cuts before it. A task says that it has ended after all of its other answers.
 */
final class Cuts {
    private final ChainPlan plan;
    /** Sealed before the next cut, and in no checkpoint. */
    private final List<Committable> carried = new ArrayList<>();
    /** For each task that has not ended, the cuts that it has not answered. */
    private final Map<TaskId, TreeSet<Long>> owed = new HashMap<>();

    /** Tasks that are to begin again: what they seal is in no checkpoint to come. */
    private final Set<TaskId> givenUp = new TreeSet<>();

    private final List<Committable> vain = new ArrayList<>();
    private @Nullable Attempt attempt;

    Cuts(ChainPlan plan) {
        this.plan = plan;
    }

    void open(Attempt next, Collection<TaskId> alive) {
        attempt = next;
        alive.forEach(
                task -> owed.computeIfAbsent(task, none -> new TreeSet<>()).add(next.epoch()));
    }

    /** The one that is being taken, or null. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    /** Whether the one that is being taken is the last. */
    boolean isLast() {
        return attempt != null && attempt.isLast();
    }

    boolean carriesOutput() {
        return !carried.isEmpty();
    }

    /** A task has taken a cut; that of an attempt that was given up counts for what was sealed alone. */
    void taken(long epoch, TaskSnapshot snapshot) {
        if (givenUp.contains(snapshot.task())) {
            vain.addAll(snapshot.committables());
            return;
        }
        if (!settle(snapshot.task(), epoch)) {
            return;
        }
        if (attempt != null && attempt.epoch() == epoch) {
            attempt.taken(snapshot);
        } else {
            carried.addAll(snapshot.committables());
        }
    }

    /** @return whether the attempt that is being taken is broken by it */
    boolean failed(long epoch, TaskId task, List<Committable> sealed) {
        if (givenUp.contains(task)) {
            vain.addAll(sealed);
            return false;
        }
        if (!settle(task, epoch)) {
            return false;
        }
        carried.addAll(sealed);
        return attempt != null && attempt.epoch() == epoch;
    }

    /** @return whether the task had not answered this cut before */
    private boolean settle(TaskId task, long epoch) {
        TreeSet<Long> open = owed.get(task);
        return open != null && open.remove(epoch);
    }

    /** A task came to its end. */
    void ended(TaskId task, List<Committable> sealed) {
        if (givenUp.contains(task)) {
            vain.addAll(sealed);
            return;
        }
        owed.remove(task);
        if (attempt == null || attempt.ended(task, sealed)) {
            carried.addAll(sealed);
        }
    }

    /** Whether all tasks have answered. */
    boolean isTaken() {
        return attempt != null
                && attempt.isAnswered()
                && owed.entrySet().stream()
                        .noneMatch(task -> !task.getValue().isEmpty() && RunTasks.writes(plan, task.getKey()));
    }

    /** What was sealed before the cut that is complete; what came after it is left for the next. */
    List<Committable> close() {
        List<Committable> sealed = new ArrayList<>(carried);
        carried.clear();
        if (attempt != null) {
            sealed.addAll(attempt.committables());
            carried.addAll(attempt.afterCut());
        }
        attempt = null;
        return sealed;
    }

    /** The cut is worth nothing; what was sealed for it waits for the next one. */
    void giveUp() {
        carry(close());
    }

    /** Of a checkpoint that could not be stored. */
    void carry(List<Committable> sealed) {
        for (Committable one : sealed) {
            TaskId by = new TaskId(plan.graph().job(), plan.chainOf(one.stage()).head(), one.taskIndex());
            (givenUp.contains(by) ? vain : carried).add(one);
        }
    }

    /** These are to begin again. No cut is being taken. */
    void renew(Set<TaskId> tasks) {
        givenUp.addAll(tasks);
        owed.keySet().removeAll(tasks);
        List<Committable> sealed = List.copyOf(carried);
        carried.clear();
        carry(sealed);
    }

    /**
     * They begin; what they say from now on counts.
     *
     * @return what their predecessors sealed and will never be published
     */
    List<Committable> renewed() {
        givenUp.clear();
        List<Committable> taken = List.copyOf(vain);
        vain.clear();
        return taken;
    }

    /**
     * The generation ends.
     *
     * @return what was sealed and will never be published
     */
    List<Committable> end() {
        giveUp();
        owed.clear();
        List<Committable> wasted = new ArrayList<>(carried);
        carried.clear();
        wasted.addAll(renewed());
        return wasted;
    }
}
