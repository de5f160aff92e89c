package io.solstice.worker.aggregate;

import io.solstice.api.row.ValueReader;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** The first or the last value in order, and where in the order it stands. */
final class Edge extends Accumulator {
    private final boolean last;
    private final Field output;
    private final Lane.Kind kind;
    private final Lane saved;
    private final GroupValues values;
    private long[] orders = new long[16];

    Edge(boolean last, Field output) {
        this.last = last;
        this.output = output;
        this.kind = Lane.kindOf(output);
        this.saved = new Lane(kind);
        this.values = new GroupValues(kind);
    }

    @Override
    void resize(int groups) {
        values.resize(groups);
        if (groups > orders.length) {
            orders = Arrays.copyOf(orders, Math.max(groups, orders.length * 2));
        }
    }

    /** Whether a value replaces that of the group; of equal ones the first stays first, and the last becomes last. */
    private boolean replaces(long order, int group) {
        return !values.has(group) || (last ? order >= orders[group] : order < orders[group]);
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        boolean[] present = lane.present();
        boolean missing = lane.isMissingSome();
        ValueReader objects = lane.objects();
        for (int i = 0; i < rows; i++) {
            int group = groups[i];
            if (missing && !present[i] || !replaces(order[i], group)) {
                continue;
            }
            switch (kind) {
                case WHOLE -> values.put(group, lane.longs()[i]);
                case REAL -> values.put(group, Double.doubleToRawLongBits(lane.doubles()[i]));
                case OBJECT -> {
                    Object value = objects.read(i);
                    if (value == null) {
                        continue;
                    }
                    values.put(group, value);
                }
            }
            orders[group] = order[i];
        }
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        Edge other = (Edge) from;
        for (int i = 0; i < count; i++) {
            int source = sources[i];
            int target = targets[i];
            if (other.values.has(source) && replaces(other.orders[source], target)) {
                values.put(target, other.values, source);
                orders[target] = other.orders[source];
            }
        }
    }

    @Override
    void clear(int group) {
        values.clear(group);
    }

    @Override
    void clear() {
        values.clear();
    }

    @Override
    long heapBytes() {
        return 8L * orders.length + values.heapBytes();
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        values.write(to, picks, from, count);
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
