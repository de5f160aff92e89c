package io.solstice.worker.userstate;

import io.solstice.api.row.Row;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of the columns of a key. Equal where the hash that divides the rows sees equal values. */
public final class StateKey implements Comparable<StateKey> {
    private final @Nullable Object[] values;
    private final int hash;

    public StateKey(Row row, List<String> columns) {
        this(columns.stream().<@Nullable Object>map(row::get).toArray());
    }

    /** Takes over the values. */
    StateKey(@Nullable Object[] values) {
        this.values = values;
        for (int i = 0; i < values.length; i++) {
            values[i] = unsigned(values[i]);
        }
        this.hash = Arrays.deepHashCode(values);
    }

    /** There are two zeros, which are one key. */
    private static @Nullable Object unsigned(@Nullable Object value) {
        if (value instanceof Double number && number == 0) {
            return 0.0;
        }
        return value instanceof Float number && number == 0 ? (Object) 0.0f : value;
    }

    @Nullable
    Object value(int column) {
        return values[column];
    }

    /** Some order, the same in every process and after every restore. */
    @Override
    public int compareTo(StateKey other) {
        int order = Integer.compare(hash, other.hash);
        return order != 0 || equals(other)
                ? order
                : Arrays.deepToString(values).compareTo(Arrays.deepToString(other.values));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StateKey key && hash == key.hash && Arrays.deepEquals(values, key.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
