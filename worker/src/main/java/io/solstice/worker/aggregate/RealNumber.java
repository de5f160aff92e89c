package io.solstice.worker.aggregate;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.types.pojo.Field;

/** The sum, the smallest or the greatest of floats, kept as doubles. In order, NaN comes last and -0.0 before 0.0. */
final class RealNumber extends Accumulator {
    /** Which of them. */
    enum Kind {
        SUM(0),
        MIN(Double.NaN),
        MAX(Double.NEGATIVE_INFINITY);

        /** What a group without values has. */
        private final double identity;

        Kind(double identity) {
            this.identity = identity;
        }
    }

    private final Kind kind;
    private final Field output;
    private final Seen seen;
    private final Lane saved = new Lane(Lane.Kind.REAL);
    private double[] values = new double[16];

    RealNumber(Kind kind, Field output, boolean groupsBeginEmpty) {
        this.kind = kind;
        this.output = output;
        this.seen = new Seen(groupsBeginEmpty);
        Arrays.fill(values, kind.identity);
    }

    double of(int group) {
        return values[group];
    }

    @Override
    void resize(int groups) {
        seen.resize(groups);
        if (groups > values.length) {
            int before = values.length;
            values = Arrays.copyOf(values, Math.max(groups, before * 2));
            Arrays.fill(values, before, values.length, kind.identity);
        }
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        double[] numbers = lane.doubles();
        if (lane.isMissingSome()) {
            boolean[] present = lane.present();
            for (int i = 0; i < rows; i++) {
                if (present[i]) {
                    values[groups[i]] = together(values[groups[i]], numbers[i]);
                }
            }
            seen.some(groups, present, rows);
            return;
        }
        combine(numbers, groups, rows);
        seen.all(groups, rows);
    }

    private void combine(double[] numbers, int[] groups, int rows) {
        double[] all = values;
        switch (kind) {
            case SUM -> {
                for (int i = 0; i < rows; i++) {
                    all[groups[i]] += numbers[i];
                }
            }
            case MIN -> {
                for (int i = 0; i < rows; i++) {
                    if (Double.compare(numbers[i], all[groups[i]]) < 0) {
                        all[groups[i]] = numbers[i];
                    }
                }
            }
            case MAX -> {
                for (int i = 0; i < rows; i++) {
                    if (Double.compare(numbers[i], all[groups[i]]) > 0) {
                        all[groups[i]] = numbers[i];
                    }
                }
            }
        }
    }

    private double together(double one, double other) {
        return switch (kind) {
            case SUM -> one + other;
            case MIN -> Double.compare(other, one) < 0 ? other : one;
            case MAX -> Double.compare(other, one) > 0 ? other : one;
        };
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        RealNumber other = (RealNumber) from;
        for (int i = 0; i < count; i++) {
            values[targets[i]] = together(values[targets[i]], other.values[sources[i]]);
        }
        seen.merge(other.seen, sources, targets, count);
    }

    @Override
    void clear(int group) {
        values[group] = kind.identity;
        seen.clear(group);
    }

    @Override
    void clear() {
        Arrays.fill(values, kind.identity);
        seen.clear();
    }

    @Override
    long heapBytes() {
        return 8L * values.length + seen.heapBytes();
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        for (int i = 0; i < count; i++) {
            write(to, i, values[picks[from + i]]);
        }
        seen.validity(to, picks, from, count);
    }

    static void write(FieldVector to, int row, double value) {
        if (to instanceof Float8Vector doubles) {
            doubles.set(row, value);
        } else if (to instanceof Float4Vector floats) {
            floats.set(row, (float) value);
        } else {
            ((Float2Vector) to).setWithPossibleTruncate(row, (float) value);
        }
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
}
