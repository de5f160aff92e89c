package io.solstice.master.job;

import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The cuts that the tasks of a generation take, and what their sinks seal.
 *
 * <p>What was sealed belongs to the first canonical checkpoint whose cut is behind it, so what was sealed for one that
 * was given up is carried to the next. Therefore a cut is complete only when every sink task has answered it and all
 * cuts before it. A task says that it has ended after all of its other answers.
 */
final class Cuts {
    private final Predicate<TaskId> writes;
    /** Sealed before the next cut, and in no checkpoint. */
    private final List<Committable> carried = new ArrayList<>();
    /** For each task that has not ended, the cuts that it has not answered. */
    private final Map<TaskId, TreeSet<Long>> owed = new HashMap<>();

    private @Nullable Attempt attempt;

    /** @param writes whether a task has a sink, which seals at every cut */
    Cuts(Predicate<TaskId> writes) {
        this.writes = writes;
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

    boolean carriesOutput() {
        return !carried.isEmpty();
    }

    /** A task has taken a cut; that of an attempt that was given up counts for what was sealed alone. */
    void taken(long epoch, TaskSnapshot snapshot) {
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
        owed.remove(task);
        if (attempt == null || attempt.ended(task, sealed)) {
            carried.addAll(sealed);
        }
    }

    /** Whether all tasks have answered. */
    boolean isTaken() {
        return attempt != null
                && attempt.isAnswered()
                && owed.entrySet().stream().noneMatch(task -> !task.getValue().isEmpty() && writes.test(task.getKey()));
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
        carried.addAll(sealed);
    }

    /**
     * The generation ends.
     *
     * @return what was sealed and will never be published
     */
    List<Committable> end() {
        giveUp();
        owed.clear();
        List<Committable> vain = List.copyOf(carried);
        carried.clear();
        return vain;
    }
}
