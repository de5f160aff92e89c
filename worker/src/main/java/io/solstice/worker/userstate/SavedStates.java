package io.solstice.worker.userstate;

import io.solstice.api.row.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a table as what is kept for their keys. Valid while the table is open.
 *
 * @param columns by slot; null for a state that the table does not have
 * @param gone null where no key is gone
 * @param since when state that did not expire before begins its time, in milliseconds
 */
record SavedStates(
        @Nullable Column[] columns,
        @Nullable ValueReader timers,
        @Nullable ValueReader clockTimers,
        @Nullable ValueReader gone,
        long since) {

    /** One state. @param written when each value was, if the table says so */
    record Column(Slot slot, ValueReader values, @Nullable ValueReader written) {
        /** What the table has, as the state has it; null for nothing. Refuses what is of another type. */
        @Nullable
        Object value(int row) {
            Object value = values.read(row);
            return value == null ? null : restored(value);
        }

        /** Refuses a column of another type: all its values are of one, so the first that shows it is enough. */
        void check(int rows) {
            boolean seen = false;
            for (int row = 0; row < rows && !seen; row++) {
                Object value = value(row);
                seen = value instanceof List<?> list
                        ? !list.isEmpty()
                        : value instanceof Map<?, ?> map ? !map.isEmpty() : value != null;
            }
        }

        private Object restored(Object value) {
            return switch (slot.kind()) {
                case VALUE -> slot.checked(slot.type(), value);
                case LIST -> {
                    List<Object> list = new ArrayList<>();
                    for (Object item : (List<?>) slot.checked(List.class, value)) {
                        list.add(slot.checked(slot.type(), item));
                    }
                    yield list;
                }
                case MAP -> {
                    Map<String, Object> map = new TreeMap<>();
                    for (Map.Entry<?, ?> entry : ((Map<?, ?>) slot.checked(Map.class, value)).entrySet()) {
                        map.put(String.valueOf(entry.getKey()), slot.checked(slot.type(), entry.getValue()));
                    }
                    yield map;
                }
            };
        }
    }

    boolean hasGone() {
        return gone != null;
    }

    /** Whether nothing is kept for the key any more. */
    boolean isGone(int row) {
        return gone != null && gone.read(row) != null;
    }

    Kept read(int row) {
        Kept kept = new Kept(columns.length);
        for (Column column : columns) {
            Object value = column == null ? null : column.value(row);
            if (column != null && value != null) {
                int slot = column.slot().index();
                kept.values[slot] = value;
                Object when = column.written() == null ? null : column.written().read(row);
                kept.written[slot] = when instanceof Long millis ? millis : since;
            }
        }
        for (long moment : moments(row, false)) {
            kept.momentsToAddTo(false).add(moment);
        }
        for (long moment : moments(row, true)) {
            kept.momentsToAddTo(true).add(moment);
        }
        return kept;
    }

    boolean hasMoments(boolean clock) {
        return (clock ? clockTimers : timers) != null;
    }

    /** @param clock whether those of the clock of the machine are meant */
    long[] moments(int row, boolean clock) {
        ValueReader reader = clock ? clockTimers : timers;
        return reader != null && reader.read(row) instanceof List<?> all
                ? all.stream().mapToLong(moment -> (Long) moment).toArray()
                : new long[0];
    }
}
