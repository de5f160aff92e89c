package io.solstice.worker.aggregate;

import io.solstice.api.row.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An order of all values of one column, whatever its type: null comes first, rows and lists compare value by value, and
 * the shorter of two that begin alike comes first.
 */
final class AnyOrder {
    private AnyOrder() {}

    static final Comparator<@Nullable Object> RISING = AnyOrder::compare;

    private static int compare(@Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            return Boolean.compare(one != null, other != null);
        }
        List<@Nullable Object> left = parts(one);
        return left == null ? ValueOrder.RISING.compare(one, other) : inTurn(left, parts(other));
    }

    /** The values that something consists of; null if it is not of several. */
    private static @Nullable List<@Nullable Object> parts(Object value) {
        if (value instanceof Row row) {
            return new ArrayList<>(row.toMap().values());
        } else if (value instanceof Map<?, ?> map) {
            List<@Nullable Object> entries = new ArrayList<>();
            map.forEach((key, mapped) -> {
                entries.add(key);
                entries.add(mapped);
            });
            return entries;
        } else if (value instanceof float[] numbers) {
            List<@Nullable Object> list = new ArrayList<>();
            for (float number : numbers) {
                list.add(number);
            }
            return list;
        } else if (value instanceof double[] numbers) {
            List<@Nullable Object> list = new ArrayList<>();
            for (double number : numbers) {
                list.add(number);
            }
            return list;
        }
        return value instanceof List<?> list ? new ArrayList<>(list) : null;
    }

    private static int inTurn(List<@Nullable Object> left, @Nullable List<@Nullable Object> right) {
        if (right == null) {
            return 1;
        }
        Iterator<@Nullable Object> others = right.iterator();
        for (Object value : left) {
            if (!others.hasNext()) {
                return 1;
            }
            int compared = compare(value, others.next());
            if (compared != 0) {
                return compared;
            }
        }
        return others.hasNext() ? -1 : 0;
    }
}
