package io.solstice.worker.aggregate;

import io.solstice.worker.keyed.Values;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** How many rows, or how many values. */
final class Counts extends Accumulator {
    private final boolean ofValues;
    private long[] counts = new long[16];

    Counts(boolean ofValues) {
        this.ofValues = ofValues;
    }

    long of(int group) {
        return counts[group];
    }

    @Override
    void resize(int groups) {
        if (groups > counts.length) {
            counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
        }
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        long[] all = counts;
        if (!ofValues || lane.kind() != Lane.Kind.OBJECT && !lane.isMissingSome()) {
            for (int i = 0; i < rows; i++) {
                all[groups[i]]++;
            }
        } else if (lane.kind() == Lane.Kind.OBJECT) {
            for (int i = 0; i < rows; i++) {
                all[groups[i]] += lane.objects().read(i) == null ? 0 : 1;
            }
        } else {
            boolean[] present = lane.present();
            for (int i = 0; i < rows; i++) {
                all[groups[i]] += present[i] ? 1 : 0;
            }
        }
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        long[] others = ((Counts) from).counts;
        for (int i = 0; i < count; i++) {
            counts[targets[i]] += others[sources[i]];
        }
    }

    @Override
    void clear(int group) {
        counts[group] = 0;
    }

    @Override
    void clear() {
        Arrays.fill(counts, 0);
    }

    @Override
    long heapBytes() {
        return 8L * counts.length;
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        Values.allPresent(to, count);
        BigIntVector out = (BigIntVector) to;
        for (int i = 0; i < count; i++) {
            out.getDataBuffer().setLong((long) i << 3, counts[picks[from + i]]);
        }
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        return List.of(Types.int64(name));
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        result(to.get(0), picks, from, count);
    }

    @Override
    void load(List<FieldVector> from, int[] groups, int rows) {
        BigIntVector in = (BigIntVector) from.get(0);
        for (int i = 0; i < rows; i++) {
            counts[groups[i]] += in.get(i);
        }
    }
}
