package io.solstice.worker.aggregate;

import io.solstice.api.row.Row;
import java.util.Collection;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** About how many bytes of the heap objects take. A guess that is half or twice the truth does no harm. */
final class Weight {
    private static final int SAMPLE = 32;

    private Weight() {}

    static long of(@Nullable Object value) {
        if (value == null) {
            return 0;
        } else if (value instanceof String text) {
            return 56 + text.length();
        } else if (value instanceof byte[] bytes) {
            return 16 + bytes.length;
        } else if (value instanceof Collection<?> many) {
            // What they have in common, whether in lists or in sets, is a place and an object of about one size.
            return 48
                    + (many.isEmpty()
                            ? 0
                            : many.size() * (32 + of(many.iterator().next())));
        } else if (value instanceof Row row) {
            long bytes = 64;
            for (String name : row.names()) {
                bytes += 16 + of(row.get(name));
            }
            return bytes;
        }
        return 32;
    }

    /** What so many have, by some of them. */
    static long ofSome(int count, IntToLongFunction weight) {
        int step = Math.max(1, count / SAMPLE);
        long sum = 0;
        long seen = 0;
        for (int i = 0; i < count; i += step) {
            sum += weight.applyAsLong(i);
            seen++;
        }
        return seen == 0 ? 0 : (long) ((double) sum / seen * count);
    }
}
