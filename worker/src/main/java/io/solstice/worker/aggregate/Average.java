package io.solstice.worker.aggregate;

import io.solstice.worker.keyed.Values;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.types.pojo.Field;

/** The mean of numbers: their sum, exact for whole ones, and how many there are. */
final class Average extends Accumulator {
    private final Accumulator sum;
    private final Counts counts = new Counts(true);

    private Average(Accumulator sum) {
        this.sum = sum;
    }

    static Average ofWhole(String column, boolean groupsBeginEmpty) {
        return new Average(WholeNumber.sum(Types.int64("sum"), column, groupsBeginEmpty));
    }

    static Average ofReal(boolean groupsBeginEmpty) {
        return new Average(new RealNumber(RealNumber.Kind.SUM, Types.float64("sum"), groupsBeginEmpty));
    }

    @Override
    void resize(int groups) {
        sum.resize(groups);
        counts.resize(groups);
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        sum.add(lane, order, groups, rows);
        counts.add(lane, order, groups, rows);
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        Average other = (Average) from;
        sum.merge(other.sum, sources, targets, count);
        counts.merge(other.counts, sources, targets, count);
    }

    @Override
    void clear(int group) {
        sum.clear(group);
        counts.clear(group);
    }

    @Override
    void clear() {
        sum.clear();
        counts.clear();
    }

    @Override
    long heapBytes() {
        return sum.heapBytes() + counts.heapBytes();
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        Values.allPresent(to, count);
        Float8Vector out = (Float8Vector) to;
        for (int i = 0; i < count; i++) {
            int group = picks[from + i];
            long number = counts.of(group);
            if (number == 0) {
                out.setNull(i);
            } else {
                double total = sum instanceof WholeNumber whole ? whole.of(group) : ((RealNumber) sum).of(group);
                out.set(i, total / number);
            }
        }
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        List<Field> fields = new ArrayList<>(sum.stateFields(name + ".sum", picks, from, count));
        fields.addAll(counts.stateFields(name + ".count", picks, from, count));
        return fields;
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        sum.save(to.subList(0, 1), picks, from, count);
        counts.save(to.subList(1, 2), picks, from, count);
    }

    @Override
    void load(List<FieldVector> from, int[] groups, int rows) {
        sum.load(from.subList(0, 1), groups, rows);
        counts.load(from.subList(1, 2), groups, rows);
    }
}
