package io.solstice.bench.keyed;

import io.solstice.bench.nexmark.EventMaker;
import java.util.function.LongFunction;

/** An event of a key, and after it has been counted, how many of the key there have been. */
public final class KeyCount {
    public long key;
    public long count;

    public long key() {
        return key;
    }

    /** Its part of the checksum. */
    public long checksum() {
        return checksum(key, count);
    }

    public static long checksum(long key, long count) {
        return key * 3 + count * 7;
    }

    /** One object for all events of a task. */
    public record Maker(long keys) implements EventMaker<KeyCount> {
        private static final long serialVersionUID = 1;

        @Override
        public LongFunction<KeyCount> with(long seed) {
            KeyCount event = new KeyCount();
            return number -> {
                event.key = KeyedCounts.key(seed, number, keys);
                event.count = 0;
                return event;
            };
        }

        @Override
        public long millis(KeyCount event) {
            return 0;
        }
    }
}
