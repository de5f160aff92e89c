package io.solstice.worker.aggregate;

import io.solstice.common.error.ErrorCode;
import io.solstice.worker.keyed.WholeNumbers;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** The sum, the smallest or the greatest of whole numbers. */
abstract class WholeNumber extends Accumulator {
    private final Field output;
    private final Seen seen;
    private final long identity;
    private final Lane saved = new Lane(Lane.Kind.WHOLE);
    long[] values = new long[16];

    /** @param identity what a group without values has */
    private WholeNumber(Field output, long identity, boolean groupsBeginEmpty) {
        this.output = output;
        this.identity = identity;
        this.seen = new Seen(groupsBeginEmpty);
        Arrays.fill(values, identity);
    }

    /** @param column what it is the sum of, for errors */
    static WholeNumber sum(Field output, String column, boolean groupsBeginEmpty) {
        return new Sum(output, column, groupsBeginEmpty);
    }

    static WholeNumber min(Field output, boolean groupsBeginEmpty) {
        return new Min(output, groupsBeginEmpty);
    }

    static WholeNumber max(Field output, boolean groupsBeginEmpty) {
        return new Max(output, groupsBeginEmpty);
    }

    /** Adds {@code numbers[sources[i]]} to {@code targets[i]}. */
    abstract void combine(long[] numbers, int[] sources, int[] targets, int count);

    /** Adds {@code numbers[i]} to {@code targets[i]}. */
    abstract void combine(long[] numbers, int[] targets, int count);

    abstract void combine(long[] numbers, boolean[] present, int[] targets, int count);

    long of(int group) {
        return values[group];
    }

    boolean has(int group) {
        return seen.has(group);
    }

    @Override
    void resize(int groups) {
        seen.resize(groups);
        if (groups > values.length) {
            int before = values.length;
            values = Arrays.copyOf(values, Math.max(groups, before * 2));
            Arrays.fill(values, before, values.length, identity);
        }
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        if (lane.isMissingSome()) {
            combine(lane.longs(), lane.present(), groups, rows);
            seen.some(groups, lane.present(), rows);
        } else {
            combine(lane.longs(), groups, rows);
            seen.all(groups, rows);
        }
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        WholeNumber other = (WholeNumber) from;
        combine(other.values, sources, targets, count);
        seen.merge(other.seen, sources, targets, count);
    }

    @Override
    void clear(int group) {
        values[group] = identity;
        seen.clear(group);
    }

    @Override
    void clear() {
        Arrays.fill(values, identity);
        seen.clear();
    }

    @Override
    long heapBytes() {
        return 8L * values.length + seen.heapBytes();
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        for (int i = 0; i < count; i++) {
            WholeNumbers.write(to, i, values[picks[from + i]]);
        }
        seen.validity(to, picks, from, count);
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        return List.of(Types.like(name, output));
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        result(to.get(0), picks, from, count);
    }

    @Override
    void load(List<FieldVector> from, int[] groups, int rows) {
        saved.load(from.get(0), rows);
        add(saved, new long[0], groups, rows);
    }

    private static final class Sum extends WholeNumber {
        private final String column;

        Sum(Field output, String column, boolean groupsBeginEmpty) {
            super(output, 0, groupsBeginEmpty);
            this.column = column;
        }

        @Override
        void combine(long[] numbers, int[] sources, int[] targets, int count) {
            long overflow = 0;
            for (int i = 0; i < count; i++) {
                long before = values[targets[i]];
                long number = numbers[sources[i]];
                long after = before + number;
                overflow |= (before ^ after) & (number ^ after);
                values[targets[i]] = after;
            }
            check(overflow);
        }

        @Override
        void combine(long[] numbers, int[] targets, int count) {
            long[] sums = values;
            long overflow = 0;
            for (int i = 0; i < count; i++) {
                long before = sums[targets[i]];
                long after = before + numbers[i];
                overflow |= (before ^ after) & (numbers[i] ^ after);
                sums[targets[i]] = after;
            }
            check(overflow);
        }

        @Override
        void combine(long[] numbers, boolean[] present, int[] targets, int count) {
            long overflow = 0;
            for (int i = 0; i < count; i++) {
                if (present[i]) {
                    long before = values[targets[i]];
                    long after = before + numbers[i];
                    overflow |= (before ^ after) & (numbers[i] ^ after);
                    values[targets[i]] = after;
                }
            }
            check(overflow);
        }

        /** @param overflow negative if a sum has overflowed */
        private void check(long overflow) {
            if (overflow < 0) {
                throw ErrorCode.EXPRESSION_FAILED
                        .error("the sum of column '" + column + "' is not an int64 any more")
                        .cause("a sum of one group went beyond " + Long.MIN_VALUE + " to " + Long.MAX_VALUE)
                        .help("make '" + column + "' a float64 or a decimal before it is summed")
                        .toException();
            }
        }
    }

    private static final class Min extends WholeNumber {
        Min(Field output, boolean groupsBeginEmpty) {
            super(output, Long.MAX_VALUE, groupsBeginEmpty);
        }

        @Override
        void combine(long[] numbers, int[] sources, int[] targets, int count) {
            for (int i = 0; i < count; i++) {
                values[targets[i]] = Math.min(values[targets[i]], numbers[sources[i]]);
            }
        }

        @Override
        void combine(long[] numbers, int[] targets, int count) {
            long[] least = values;
            for (int i = 0; i < count; i++) {
                if (numbers[i] < least[targets[i]]) {
                    least[targets[i]] = numbers[i];
                }
            }
        }

        @Override
        void combine(long[] numbers, boolean[] present, int[] targets, int count) {
            for (int i = 0; i < count; i++) {
                if (present[i] && numbers[i] < values[targets[i]]) {
                    values[targets[i]] = numbers[i];
                }
            }
        }
    }

    private static final class Max extends WholeNumber {
        Max(Field output, boolean groupsBeginEmpty) {
            super(output, Long.MIN_VALUE, groupsBeginEmpty);
        }

        @Override
        void combine(long[] numbers, int[] sources, int[] targets, int count) {
            for (int i = 0; i < count; i++) {
                values[targets[i]] = Math.max(values[targets[i]], numbers[sources[i]]);
            }
        }

        @Override
        void combine(long[] numbers, int[] targets, int count) {
            long[] greatest = values;
            for (int i = 0; i < count; i++) {
                if (numbers[i] > greatest[targets[i]]) {
                    greatest[targets[i]] = numbers[i];
                }
            }
        }

        @Override
        void combine(long[] numbers, boolean[] present, int[] targets, int count) {
            for (int i = 0; i < count; i++) {
                if (present[i] && numbers[i] > values[targets[i]]) {
                    values[targets[i]] = numbers[i];
                }
            }
        }
    }
}
