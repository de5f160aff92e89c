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

/**
 * What is wanted of the row that leads by the value of a column, its measure: the greatest or the least. Of equal ones the
 * first in order leads, and of those the one with the least results, so that nothing depends on which came first. Only of
 * rows that lead, if but for a while, the results are read.
 */
final class Leading extends Accumulator {
    private final boolean greatest;
    private final Field measure;
    private final Field output;
    private final Lane.Kind kind;
    private final Lane saved;
    private final GroupValues measures;
    private long[] orders = new long[16];
    private @Nullable Object[] results = new Object[16];

    Leading(boolean greatest, Field measure, Field output) {
        this.greatest = greatest;
        this.measure = measure;
        this.output = output;
        this.kind = Lane.kindOf(measure);
        this.saved = new Lane(kind);
        this.measures = new GroupValues(kind);
    }

    @Override
    void resize(int groups) {
        measures.resize(groups);
        if (groups > orders.length) {
            int length = Math.max(groups, orders.length * 2);
            orders = Arrays.copyOf(orders, length);
            results = Arrays.copyOf(results, length);
        }
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        boolean[] present = lane.present();
        boolean missing = kind != Lane.Kind.OBJECT && lane.isMissingSome();
        for (int i = 0; i < rows; i++) {
            if (missing && !present[i]) {
                continue;
            }
            Object object = null;
            long number = 0;
            switch (kind) {
                case WHOLE -> number = lane.longs()[i];
                case REAL -> number = Double.doubleToRawLongBits(lane.doubles()[i]);
                case OBJECT -> {
                    object = lane.objects().read(i);
                    if (object == null) {
                        continue;
                    }
                }
            }
            int ahead = ahead(number, object, order[i], groups[i]);
            if (ahead >= 0) {
                Object result = lane.results().read(i);
                if (ahead > 0 || AnyOrder.RISING.compare(result, results[groups[i]]) < 0) {
                    put(groups[i], number, object, order[i], result);
                }
            }
        }
    }

    /** Above 0 if a row leads before that of the group, below 0 if it follows; 0 if the results decide. */
    private int ahead(long number, @Nullable Object object, long order, int group) {
        if (!measures.has(group)) {
            return 1;
        }
        int compared = switch (kind) {
            case WHOLE -> Long.compare(number, measures.bits(group));
            case REAL -> Double.compare(Double.longBitsToDouble(number), Double.longBitsToDouble(measures.bits(group)));
            case OBJECT -> AnyOrder.RISING.compare(object, measures.object(group));
        };
        if (compared != 0) {
            return greatest ? compared : -compared;
        }
        return Long.compare(orders[group], order);
    }

    private void put(int group, long number, @Nullable Object object, long order, @Nullable Object result) {
        orders[group] = order;
        results[group] = result;
        if (object == null) {
            measures.put(group, number);
        } else {
            measures.put(group, object);
        }
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        Leading other = (Leading) from;
        boolean numbers = kind != Lane.Kind.OBJECT;
        for (int i = 0; i < count; i++) {
            int source = sources[i];
            if (!other.measures.has(source)) {
                continue;
            }
            long number = numbers ? other.measures.bits(source) : 0;
            Object object = numbers ? null : other.measures.object(source);
            int ahead = ahead(number, object, other.orders[source], targets[i]);
            Object result = other.results[source];
            if (ahead > 0 || ahead == 0 && AnyOrder.RISING.compare(result, results[targets[i]]) < 0) {
                put(targets[i], number, object, other.orders[source], result);
            }
        }
    }

    @Override
    void clear(int group) {
        measures.clear(group);
        results[group] = null;
    }

    @Override
    void clear() {
        measures.clear();
        Arrays.fill(results, null);
    }

    @Override
    long heapBytes() {
        return 16L * orders.length
                + measures.heapBytes()
                + Weight.ofSome(orders.length, group -> Weight.of(results[group]));
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        ValueWriter writer = ValueWriter.of(to);
        for (int i = 0; i < count; i++) {
            int group = picks[from + i];
            writer.write(i, results[group]);
        }
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        return List.of(Types.like(name, output), Types.like(name + ".measure", measure), Types.int64(name + ".order"));
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        result(to.get(0), picks, from, count);
        measures.write(to.get(1), picks, from, count);
        Values.allPresent(to.get(2), count);
        for (int i = 0; i < count; i++) {
            WholeNumbers.write(to.get(2), i, orders[picks[from + i]]);
        }
    }

    @Override
    void load(List<FieldVector> from, int[] groups, int rows) {
        long[] order = new long[rows];
        WholeNumbers.read((BigIntVector) from.get(2), rows, order);
        saved.load(from.get(1), rows);
        ValueReader there = ValueReader.of(from.get(0));
        saved.loadResults(there);
        add(saved, order, groups, rows);
    }
}
