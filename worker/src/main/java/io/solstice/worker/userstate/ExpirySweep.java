package io.solstice.worker.userstate;

import io.solstice.common.store.ByteStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of what has become too old in a store: goes around through all entries, some at a time, so that a key that never
 * comes again does not stay for ever.
 */
final class ExpirySweep {
    private static final byte[] ALL = {Keys.VALUES};

    private final KeyedStateTables tables;
    private final StoredStates states;
    private byte[] place = ALL;

    ExpirySweep(KeyedStateTables tables, StoredStates states) {
        this.tables = tables;
        this.states = states;
    }

    /** Looks at so many entries, or all. */
    void go(ByteStore store, int entries) {
        Map<byte[], byte @Nullable []> changed = new LinkedHashMap<>();
        int left = entries;
        try (ByteStore.Scan scan = store.scan(ALL, place)) {
            place = ALL;
            while (scan.next()) {
                if (left-- == 0) {
                    place = scan.key();
                    break;
                }
                Kept kept = new Kept(tables.slots());
                states.readValues(scan.value(), kept, tables.since());
                if (tables.hasTooOld(kept)) {
                    changed.put(scan.key(), tables.young(kept) == null ? null : states.values(kept));
                }
            }
        }
        changed.forEach((key, values) -> {
            if (values == null) {
                store.delete(key);
            } else {
                store.put(key, values);
            }
        });
    }
}
