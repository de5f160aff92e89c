package io.solstice.worker.aggregate;

import io.solstice.api.row.ValueWriter;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** At most one value for each group. Numbers are kept as their bits. */
final class GroupValues {
    private final Lane.Kind kind;
    private boolean[] seen = new boolean[16];
    private long[] bits;
    private @Nullable Object[] objects;

    GroupValues(Lane.Kind kind) {
        this.kind = kind;
        boolean numbers = kind != Lane.Kind.OBJECT;
        this.bits = new long[numbers ? seen.length : 0];
        this.objects = new Object[numbers ? 0 : seen.length];
    }

    void resize(int groups) {
        if (groups > seen.length) {
            int length = Math.max(groups, seen.length * 2);
            seen = Arrays.copyOf(seen, length);
            if (kind == Lane.Kind.OBJECT) {
                objects = Arrays.copyOf(objects, length);
            } else {
                bits = Arrays.copyOf(bits, length);
            }
        }
    }

    boolean has(int group) {
        return seen[group];
    }

    /** Of a number that is there. */
    long bits(int group) {
        return bits[group];
    }

    /** Of what is no number. */
    @Nullable
    Object object(int group) {
        return objects[group];
    }

    void put(int group, long number) {
        bits[group] = number;
        seen[group] = true;
    }

    void put(int group, Object object) {
        objects[group] = object;
        seen[group] = true;
    }

    /** That of another group, which has one. */
    void put(int group, GroupValues from, int source) {
        if (kind == Lane.Kind.OBJECT) {
            objects[group] = from.objects[source];
        } else {
            bits[group] = from.bits[source];
        }
        seen[group] = true;
    }

    void clear(int group) {
        seen[group] = false;
        if (kind == Lane.Kind.OBJECT) {
            objects[group] = null;
        }
    }

    void clear() {
        Arrays.fill(seen, false);
        Arrays.fill(objects, null);
    }

    long heapBytes() {
        return seen.length
                + 8L * (bits.length + objects.length)
                + Weight.ofSome(objects.length, group -> seen[group] ? Weight.of(objects[group]) : 0);
    }

    /** Writes those of groups {@code picks[from]} to {@code picks[from + count - 1]}, or null. */
    void write(FieldVector to, int[] picks, int from, int count) {
        if (kind == Lane.Kind.OBJECT) {
            ValueWriter writer = ValueWriter.of(to);
            for (int i = 0; i < count; i++) {
                writer.write(i, objects[picks[from + i]]);
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
}
