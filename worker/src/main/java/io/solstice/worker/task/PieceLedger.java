package io.solstice.worker.task;

import io.solstice.common.protocol.StateObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * In which objects the pieces of an operator's state are, for each cut that is wholly stored. The thread that writes
 * states enters them, that of the task asks for them.
 */
public final class PieceLedger {
    private final ConcurrentNavigableMap<Long, List<StateObject>> cuts = new ConcurrentSkipListMap<>();

    /** All pieces of a cut, in their order. */
    public void enter(long epoch, List<StateObject> pieces) {
        cuts.put(epoch, List.copyOf(pieces));
    }

    /** Those of the cut that is to be built upon, older ones being forgotten; null if they are not known. */
    @Nullable
    List<StateObject> base(long epoch) {
        cuts.headMap(epoch).clear();
        return cuts.get(epoch);
    }

    /** Those of all cuts that are known, by epoch. */
    Map<Long, List<StateObject>> all() {
        return Map.copyOf(cuts);
    }
}
