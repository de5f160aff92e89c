package io.solstice.common.graph;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where the state by key of a job lies while it runs: {@code state.backend}. */
public enum StateStore {
    /** In tables in memory, which move to files when memory is short. */
    AUTO,
    /** In tables in memory, and nowhere else. */
    MEMORY,
    /** In RocksDB. */
    ROCKSDB,
    /** In a file, by what Java alone can do. */
    DISK;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether keys and values lie in a store, not in tables. */
    public boolean isStored() {
        return this == ROCKSDB || this == DISK;
    }

    /** @param place of the value, for the error */
    public static StateStore of(String word, String place) {
        for (StateStore store : values()) {
            if (store.word().equals(word)) {
                return store;
            }
        }
        List<String> known = Arrays.stream(values()).map(StateStore::word).toList();
        throw ErrorCode.OPTION_INVALID
                .error("state cannot be kept in '" + word + "'")
                .where(place)
                .cause("expected one of " + String.join(", ", known))
                .help(NearestName.help(word, known))
                .toException();
    }
}
