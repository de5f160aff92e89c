package io.solstice.worker.keyed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.types.pojo.Field;

/** One column of a key in {@link KeyBytes}. Reused from batch to batch. */
abstract class KeyBytesColumn {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Whether each value is there, if {@link #nulls}. */
    boolean[] present = new boolean[0];

    boolean nulls;

    static KeyBytesColumn of(Field field) {
        if (WholeNumbers.are(field)) {
            return new Whole();
        } else if (KeyTexts.are(field)) {
            return new Text();
        }
        return switch (field.getType().getTypeID()) {
            case FloatingPoint -> new Real();
            case Null -> new Nothing();
            default -> new Fixed();
        };
    }

    /** Adds to each row's length that of its value. */
    void addLengths(FieldVector vector, int rows, int[] lengths) {
        if (present.length < rows) {
            present = new boolean[rows];
        }
        nulls = Values.someMissing(vector, rows, present);
        for (int i = 0; i < rows; i++) {
            lengths[i] += 1 + (nulls && !present[i] ? 0 : length(vector, i));
        }
    }

    /** Writes each row's value to its position, which moves on. Called after {@link #addLengths}. */
    void write(FieldVector vector, int rows, byte[] to, int[] positions) {
        for (int i = 0; i < rows; i++) {
            int at = positions[i];
            if (nulls && !present[i]) {
                to[at] = 0;
                positions[i] = at + 1;
            } else {
                to[at] = 1;
                positions[i] = put(vector, i, to, at + 1);
            }
        }
    }

    /** Reads a value into a row of a vector; returns where the next one begins. */
    int read(byte[] from, int at, FieldVector vector, int row) {
        if (from[at] == 0) {
            vector.setNull(row);
            return at + 1;
        }
        return take(from, at + 1, vector, row);
    }

    abstract int length(FieldVector vector, int row);

    abstract int put(FieldVector vector, int row, byte[] to, int at);

    abstract int take(byte[] from, int at, FieldVector vector, int row);

    private static final class Whole extends KeyBytesColumn {
        private long[] values = new long[0];

        @Override
        int length(FieldVector vector, int row) {
            return Long.BYTES;
        }

        @Override
        void write(FieldVector vector, int rows, byte[] to, int[] positions) {
            if (values.length < rows) {
                values = new long[rows];
            }
            WholeNumbers.read(vector, rows, values);
            super.write(vector, rows, to, positions);
        }

        @Override
        int put(FieldVector vector, int row, byte[] to, int at) {
            LONG.set(to, at, values[row]);
            return at + Long.BYTES;
        }

        @Override
        int take(byte[] from, int at, FieldVector vector, int row) {
            Values.present(vector, row);
            WholeNumbers.write(vector, row, (long) LONG.get(from, at));
            return at + Long.BYTES;
        }
    }

    /** One zero and one NaN. */
    private static final class Real extends KeyBytesColumn {
        @Override
        int length(FieldVector vector, int row) {
            return Long.BYTES;
        }

        @Override
        int put(FieldVector vector, int row, byte[] to, int at) {
            LONG.set(to, at, Double.doubleToLongBits(RealNumbers.read(vector, row) + 0.0));
            return at + Long.BYTES;
        }

        @Override
        int take(byte[] from, int at, FieldVector vector, int row) {
            RealNumbers.write(vector, row, Double.longBitsToDouble((long) LONG.get(from, at)));
            return at + Long.BYTES;
        }
    }

    /** Writes the length and the bytes of a text, behind a byte that says that it is there; returns where it ends. */
    static int putText(KeyTexts texts, int row, byte[] to, int at) {
        to[at] = 1;
        return putValue(texts, row, to, at + 1);
    }

    private static int putValue(KeyTexts texts, int row, byte[] to, int at) {
        int length = texts.length(row);
        INT.set(to, at, length);
        texts.copy(row, to, at + Integer.BYTES);
        return at + Integer.BYTES + length;
    }

    /** Texts and bytes of any layout. */
    private static final class Text extends KeyBytesColumn {
        private final KeyTexts texts = new KeyTexts();

        @Override
        void addLengths(FieldVector vector, int rows, int[] lengths) {
            texts.read(vector, rows);
            super.addLengths(vector, rows, lengths);
        }

        @Override
        int length(FieldVector vector, int row) {
            return Integer.BYTES + texts.length(row);
        }

        @Override
        int put(FieldVector vector, int row, byte[] to, int at) {
            return putValue(texts, row, to, at);
        }

        @Override
        int take(byte[] from, int at, FieldVector vector, int row) {
            int length = (int) INT.get(from, at);
            int start = at + Integer.BYTES;
            if (vector instanceof BaseVariableWidthVector texts) {
                texts.setSafe(row, from, start, length);
            } else if (vector instanceof BaseLargeVariableWidthVector texts) {
                texts.setSafe(row, from, start, length);
            } else {
                ((BaseVariableWidthViewVector) vector).setSafe(row, from, start, length);
            }
            return start + length;
        }
    }

    /** Decimals, intervals, and bytes of one length. */
    private static final class Fixed extends KeyBytesColumn {
        @Override
        int length(FieldVector vector, int row) {
            return ((BaseFixedWidthVector) vector).getTypeWidth();
        }

        @Override
        int put(FieldVector vector, int row, byte[] to, int at) {
            int width = length(vector, row);
            vector.getDataBuffer().getBytes((long) row * width, to, at, width);
            return at + width;
        }

        @Override
        int take(byte[] from, int at, FieldVector vector, int row) {
            int width = length(vector, row);
            Values.present(vector, row);
            vector.getDataBuffer().setBytes((long) row * width, from, at, width);
            return at + width;
        }
    }

    /** A column of the type null. */
    private static final class Nothing extends KeyBytesColumn {
        @Override
        int length(FieldVector vector, int row) {
            return 0;
        }

        @Override
        int put(FieldVector vector, int row, byte[] to, int at) {
            return at;
        }

        @Override
        int read(byte[] from, int at, FieldVector vector, int row) {
            return at + 1;
        }

        @Override
        int take(byte[] from, int at, FieldVector vector, int row) {
            return at;
        }
    }

    /** Floats of any width as doubles. */
    static final class RealNumbers {
        private RealNumbers() {}

        static double read(FieldVector vector, int row) {
            if (vector instanceof Float8Vector doubles) {
                return doubles.getDataBuffer().getDouble((long) row << 3);
            }
            return vector instanceof Float4Vector floats
                    ? floats.getDataBuffer().getFloat((long) row << 2)
                    : ((Float2Vector) vector).getValueAsFloat(row);
        }

        static void write(FieldVector vector, int row, double value) {
            if (vector instanceof Float8Vector doubles) {
                doubles.set(row, value);
            } else if (vector instanceof Float4Vector floats) {
                floats.set(row, (float) value);
            } else {
                ((Float2Vector) vector).setWithPossibleTruncate(row, (float) value);
            }
        }
    }
}
