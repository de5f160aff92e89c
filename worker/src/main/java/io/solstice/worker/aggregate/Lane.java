package io.solstice.worker.aggregate;

import io.solstice.api.row.ValueReader;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * One column of a batch as the accumulators read it: once for all of them, into arrays that are used again for the next
 * batch, so that their loops know of no Arrow type. What stands where a value is missing has no meaning.
 */
public final class Lane {
    /** What the values are. */
    public enum Kind {
        /** {@link #longs}. */
        WHOLE,
        /** {@link #doubles}. */
        REAL,
        /** {@link #objects}, as rows hold them. */
        OBJECT
    }

    private final Kind kind;
    private long[] longs = new long[0];
    private double[] doubles = new double[0];
    private boolean[] present = new boolean[0];
    private boolean missing;
    private ValueReader objects = row -> null;
    private ValueReader results = row -> null;

    public Lane(Kind kind) {
        this.kind = kind;
    }

    static Kind kindOf(Field field) {
        if (WholeNumbers.are(field)) {
            return Kind.WHOLE;
        }
        return switch (field.getType().getTypeID()) {
            case FloatingPoint -> Kind.REAL;
            default -> Kind.OBJECT;
        };
    }

    public Kind kind() {
        return kind;
    }

    /** Reads a column, which must be open as long as this is read. */
    public void load(FieldVector vector, int rows) {
        if (present.length < rows) {
            present = new boolean[rows];
        }
        switch (kind) {
            case WHOLE -> {
                longs = longs.length < rows ? new long[rows] : longs;
                missing = Values.someMissing(vector, rows, present);
                WholeNumbers.read(vector, rows, longs);
            }
            case REAL -> {
                doubles = doubles.length < rows ? new double[rows] : doubles;
                missing = Values.someMissing(vector, rows, present);
                readDoubles(vector, rows);
            }
            case OBJECT -> load(ValueReader.of(vector));
        }
    }

    /** Reads values that are no column, such as whole rows. */
    public void load(ValueReader values) {
        objects = values;
    }

    /** Takes what is wanted of the rows besides, to be read of few of them. */
    public void loadResults(ValueReader values) {
        results = values;
    }

    private void readDoubles(FieldVector vector, int rows) {
        if (vector instanceof Float8Vector) {
            for (int i = 0; i < rows; i++) {
                doubles[i] = vector.getDataBuffer().getDouble((long) i << 3);
            }
        } else if (vector instanceof Float4Vector) {
            for (int i = 0; i < rows; i++) {
                doubles[i] = vector.getDataBuffer().getFloat((long) i << 2);
            }
        } else {
            for (int i = 0; i < rows; i++) {
                doubles[i] = ((org.apache.arrow.vector.Float2Vector) vector).getValueAsFloat(i);
            }
        }
    }

    /** How many bits, without the sign, the greatest of the whole numbers needs, or more. */
    public int bits(int rows) {
        long[] numbers = longs;
        long any = 0;
        for (int i = 0; i < rows; i++) {
            any |= numbers[i] ^ numbers[i] >> 63;
        }
        return Long.SIZE - Long.numberOfLeadingZeros(any);
    }

    /** Whether a value is missing, so that {@link #present} must be asked. Not for objects, which are null then. */
    boolean isMissingSome() {
        return missing;
    }

    boolean[] present() {
        return present;
    }

    long[] longs() {
        return longs;
    }

    double[] doubles() {
        return doubles;
    }

    ValueReader objects() {
        return objects;
    }

    ValueReader results() {
        return results;
    }
}
