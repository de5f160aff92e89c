package io.solstice.faults;

import io.solstice.common.graph.StateStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where state by key lies in a run.
 *
 * @param first where it lies when the job begins
 * @param later where it lies when the job has gone on with another number of tasks
 */
record Backends(StateStore first, StateStore later) {
    /** Those that a seed chooses among. */
    private static final List<StateStore> KINDS = List.of(StateStore.MEMORY, StateStore.ROCKSDB, StateStore.DISK);

    /** @param chosen the first, or null for what the seed says */
    static Backends of(long seed, @Nullable StateStore chosen) {
        StateStore first = chosen == null ? KINDS.get(Math.floorMod(seed, KINDS.size())) : chosen;
        // The number of tasks goes by the seed as well, and each place comes with each number.
        boolean moves = Math.floorMod(Math.floorDiv(seed, 2 * KINDS.size()), 2) == 1;
        return new Backends(first, moves ? KINDS.get((KINDS.indexOf(first) + 1) % KINDS.size()) : first);
    }

    @Override
    public String toString() {
        return first == later ? first.word() : first.word() + ", later " + later.word();
    }
}
