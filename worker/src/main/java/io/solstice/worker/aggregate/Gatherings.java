package io.solstice.worker.aggregate;

import io.solstice.api.row.Row;
import io.solstice.api.window.CustomAggregate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The aggregates that are no sketches and keep an object for each group. */
final class Gatherings {
    private Gatherings() {}

    /** Nothing yet, since null stands for no group. */
    private static final Object NONE = new Object();

    /** The greatest value in an order. */
    record Extreme(Field column, Comparator<Object> order) implements Gathering<Object> {
        @Override
        public Object create() {
            return NONE;
        }

        @Override
        public Object add(Object gathered, Object value) {
            return gathered == NONE || order.compare(value, gathered) > 0 ? value : gathered;
        }

        @Override
        public Object merge(Object gathered, Object other) {
            return other == NONE ? gathered : add(gathered, other);
        }

        @Override
        public @Nullable Object result(Object gathered) {
            return gathered == NONE ? null : gathered;
        }

        @Override
        public Object saved(Object gathered) {
            return gathered;
        }

        @Override
        public Object restored(Object saved) {
            return saved;
        }

        @Override
        public Field stateField(String name) {
            return Types.like(name, column);
        }
    }

    /** The sum of decimals, and their number; null is the sum of none. */
    record DecimalSum(int scale, boolean mean) implements Gathering<Row> {
        private static final String SUM = "sum";
        private static final String COUNT = "count";

        @Override
        public Row create() {
            return Row.of(SUM, BigDecimal.ZERO.setScale(scale), COUNT, 0L);
        }

        private static BigDecimal sum(Row gathered) {
            return gathered.get(SUM) instanceof BigDecimal sum ? sum : BigDecimal.ZERO;
        }

        @Override
        public Row add(Row gathered, Object value) {
            return Row.of(SUM, sum(gathered).add((BigDecimal) value), COUNT, gathered.getLong(COUNT) + 1);
        }

        @Override
        public Row merge(Row gathered, Row other) {
            return Row.of(SUM, sum(gathered).add(sum(other)), COUNT, gathered.getLong(COUNT) + other.getLong(COUNT));
        }

        @Override
        public @Nullable Object result(Row gathered) {
            if (gathered.getLong(COUNT) == 0) {
                return null;
            }
            return mean
                    ? (Object) sum(gathered)
                            .divide(BigDecimal.valueOf(gathered.getLong(COUNT)), MathContext.DECIMAL64)
                            .doubleValue()
                    : sum(gathered);
        }

        @Override
        public Object saved(Row gathered) {
            return gathered;
        }

        @Override
        public Row restored(Object saved) {
            return (Row) saved;
        }

        @Override
        public Field stateField(String name) {
            Field sum = Types.of(SUM, new ArrowType.Decimal(38, scale, 128), List.of());
            return Types.of(name, ArrowType.Struct.INSTANCE, List.of(sum, Types.int64(COUNT)));
        }
    }

    /** How many different values. */
    record Distinct(Field column) implements Gathering<Set<Object>> {
        @Override
        public Set<Object> create() {
            return new HashSet<>();
        }

        @Override
        public Set<Object> add(Set<Object> gathered, Object value) {
            gathered.add(comparable(value));
            return gathered;
        }

        /** Such that equal values are equal objects. */
        private static Object comparable(Object value) {
            if (value instanceof byte[] bytes) {
                return ByteBuffer.wrap(bytes);
            } else if (value instanceof Double number) {
                return number + 0.0;
            } else if (value instanceof Float number) {
                return number + 0.0f;
            }
            return value;
        }

        @Override
        public Set<Object> merge(Set<Object> gathered, Set<Object> other) {
            gathered.addAll(other);
            return gathered;
        }

        @Override
        public Object result(Set<Object> gathered) {
            return (long) gathered.size();
        }

        @Override
        public Object saved(Set<Object> gathered) {
            List<Object> values = new ArrayList<>(gathered.size());
            for (Object value : gathered) {
                values.add(value instanceof ByteBuffer bytes ? bytes.array() : value);
            }
            return values;
        }

        @Override
        public Set<Object> restored(Object saved) {
            Set<Object> values = new HashSet<>();
            for (Object value : (List<?>) saved) {
                values.add(comparable(value));
            }
            return values;
        }

        @Override
        public Field stateField(String name) {
            return Types.listOf(name, column);
        }
    }

    /** All values, or the greatest of them in an order. */
    record Listed(Field column, int most, @Nullable Comparator<Object> order) implements Gathering<List<Object>> {
        @Override
        public List<Object> create() {
            return new ArrayList<>();
        }

        @Override
        public List<Object> add(List<Object> gathered, Object value) {
            Comparator<Object> ranking = order;
            if (ranking == null) {
                gathered.add(value);
                return gathered;
            }
            int size = gathered.size();
            if (size == most && ranking.compare(value, gathered.get(size - 1)) <= 0) {
                return gathered;
            }
            int at = size;
            while (at > 0 && ranking.compare(value, gathered.get(at - 1)) > 0) {
                at--;
            }
            gathered.add(at, value);
            if (size == most) {
                gathered.remove(size);
            }
            return gathered;
        }

        @Override
        public List<Object> merge(List<Object> gathered, List<Object> other) {
            for (Object value : other) {
                add(gathered, value);
            }
            return gathered;
        }

        @Override
        public @Nullable Object result(List<Object> gathered) {
            return gathered.isEmpty() ? null : gathered;
        }

        @Override
        public Object saved(List<Object> gathered) {
            return gathered;
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<Object> restored(Object saved) {
            return new ArrayList<>((List<Object>) saved);
        }

        @Override
        public Field stateField(String name) {
            return Types.listOf(name, column);
        }
    }

    /** A user's own. */
    record Users(CustomAggregate function) implements Gathering<Row> {
        @Override
        public Row create() {
            return function.create();
        }

        @Override
        public Row add(Row gathered, Object value) {
            return function.add(gathered, (Row) value);
        }

        @Override
        public Row merge(Row gathered, Row other) {
            return function.merge(gathered, other);
        }

        @Override
        public @Nullable Object result(Row gathered) {
            return function.result(gathered);
        }

        @Override
        public Object saved(Row gathered) {
            return gathered;
        }

        @Override
        public Row restored(Object saved) {
            return (Row) saved;
        }
    }
}
