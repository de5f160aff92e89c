package io.solstice.worker.aggregate;

import io.solstice.api.row.ValueReader;
import io.solstice.api.row.ValueWriter;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The first or the last value in order, and where in the order it stands. Numbers are kept as their bits. */
final class Edge extends Accumulator {
    private final boolean last;
    private final Field output;
    private final Lane.Kind kind;
    private final Lane saved;
    private boolean[] seen = new boolean[16];
    private long[] orders = new long[16];
    private long[] bits = new long[16];
    private @Nullable Object[] objects = new Object[0];

    Edge(boolean last, Field output) {
        this.last = last;
        this.output = output;
        this.kind = Lane.kindOf(output);
        this.saved = new Lane(kind);
    }

    @Override
    void resize(int groups) {
        if (groups > orders.length) {
            int length = Math.max(groups, orders.length * 2);
            seen = Arrays.copyOf(seen, length);
            orders = Arrays.copyOf(orders, length);
            bits = kind == Lane.Kind.OBJECT ? bits : Arrays.copyOf(bits, length);
        }
        if (kind == Lane.Kind.OBJECT && objects.length < orders.length) {
            objects = Arrays.copyOf(objects, orders.length);
        }
    }

    /** Whether a value replaces that of the group; of equal ones the first stays first, and the last becomes last. */
    private boolean replaces(long order, int group) {
        return !seen[group] || (last ? order >= orders[group] : order < orders[group]);
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        boolean[] present = lane.present();
        boolean missing = lane.isMissingSome();
        ValueReader values = lane.objects();
        for (int i = 0; i < rows; i++) {
            int group = groups[i];
            if (missing && !present[i] || !replaces(order[i], group)) {
                continue;
            }
            switch (kind) {
                case WHOLE -> bits[group] = lane.longs()[i];
                case REAL -> bits[group] = Double.doubleToRawLongBits(lane.doubles()[i]);
                case OBJECT -> {
                    Object value = values.read(i);
                    if (value == null) {
                        continue;
                    }
                    objects[group] = value;
                }
            }
            seen[group] = true;
            orders[group] = order[i];
        }
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        Edge other = (Edge) from;
        for (int i = 0; i < count; i++) {
            int source = sources[i];
            int target = targets[i];
            if (other.seen[source] && replaces(other.orders[source], target)) {
                seen[target] = true;
                orders[target] = other.orders[source];
                if (kind == Lane.Kind.OBJECT) {
                    objects[target] = other.objects[source];
                } else {
                    bits[target] = other.bits[source];
                }
            }
        }
    }

    @Override
    void clear(int group) {
        seen[group] = false;
        if (kind == Lane.Kind.OBJECT) {
            objects[group] = null;
        }
    }

    @Override
    void clear() {
        Arrays.fill(seen, false);
        Arrays.fill(objects, null);
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        if (kind == Lane.Kind.OBJECT) {
            ValueWriter writer = ValueWriter.of(to);
            for (int i = 0; i < count; i++) {
                writer.write(i, seen[picks[from + i]] ? objects[picks[from + i]] : null);
            }
            return;
        }
        Values.allPresent(to, count);
        for (int i = 0; i < count; i++) {
            int group = picks[from + i];
            if (!seen[group]) {
                to.setNull(i);
            } else if (kind == Lane.Kind.WHOLE) {
                WholeNumbers.write(to, i, bits[group]);
            } else {
                RealNumber.write(to, i, Double.longBitsToDouble(bits[group]));
            }
        }
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        return List.of(Types.like(name, output), Types.int64(name + ".order"));
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        result(to.get(0), picks, from, count);
        Values.allPresent(to.get(1), count);
        for (int i = 0; i < count; i++) {
            WholeNumbers.write(to.get(1), i, orders[picks[from + i]]);
        }
    }

    @Override
    void load(List<FieldVector> from, int[] groups, int rows) {
        long[] order = new long[rows];
        WholeNumbers.read((BigIntVector) from.get(1), rows, order);
        saved.load(from.get(0), rows);
        add(saved, order, groups, rows);
    }
}
