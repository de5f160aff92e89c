package io.solstice.worker.time;

import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The column that says when the rows happened: a timestamp of any unit, or microseconds since 1970-01-01 UTC as an
 * int64. Moments further from it than {@link #FURTHEST} are no times that rows can have.
 *
 * @param index of the column
 * @param unit how a value becomes microseconds
 */
public record TimeColumn(int index, Unit unit) {
    /** In microseconds, some 73,000 years: no sum of two such times overflows. */
    public static final long FURTHEST = Long.MAX_VALUE / 4;

    /** How many microseconds a value stands for. */
    enum Unit {
        SECONDS,
        MILLISECONDS,
        MICROSECONDS,
        NANOSECONDS;

        /** The furthest value that is a time. */
        private long furthest() {
            return switch (this) {
                case SECONDS -> FURTHEST / 1_000_000;
                case MILLISECONDS -> FURTHEST / 1_000;
                case MICROSECONDS -> FURTHEST;
                case NANOSECONDS -> Long.MAX_VALUE;
            };
        }

        /** Of a value that is a time. */
        private long micros(long value) {
            return switch (this) {
                case SECONDS -> value * 1_000_000;
                case MILLISECONDS -> value * 1_000;
                case MICROSECONDS -> value;
                case NANOSECONDS -> Math.floorDiv(value, 1_000);
            };
        }
    }

    /** An unknown column, and one of a type that tells no time, is an error. */
    public static TimeColumn of(Schema schema, String name) {
        int index = Batch.indexOf(schema, name);
        ArrowType type = schema.getFields().get(index).getType();
        if (type instanceof ArrowType.Timestamp timestamp) {
            return new TimeColumn(
                    index,
                    switch (timestamp.getUnit()) {
                        case SECOND -> Unit.SECONDS;
                        case MILLISECOND -> Unit.MILLISECONDS;
                        case MICROSECOND -> Unit.MICROSECONDS;
                        case NANOSECOND -> Unit.NANOSECONDS;
                    });
        }
        if (type instanceof ArrowType.Int whole && whole.getBitWidth() == 64 && whole.getIsSigned()) {
            return new TimeColumn(index, Unit.MICROSECONDS);
        }
        throw ErrorCode.TYPE_MISMATCH
                .error("column '" + name + "' tells no event time")
                .cause("it is " + type + ", expected a timestamp, or microseconds since 1970-01-01 UTC as an int64")
                .help("make one with MapOperator before, for example with col(\"ms\").times(1000)")
                .toException();
    }

    /** The newest time in the batch, in microseconds since 1970-01-01 UTC; {@code otherwise} if no row has one. */
    public long latest(Batch batch, long otherwise) {
        FieldVector column = batch.column(index);
        int rows = batch.rowCount();
        long address = column.getDataBuffer().memoryAddress();
        boolean whole = column.getNullCount() == 0;
        ArrowBuf validity = column.getValidityBuffer();
        long furthest = unit.furthest();
        long latest = Long.MIN_VALUE;
        for (int row = 0; row < rows; row++) {
            long value = MemoryUtil.getLong(address + ((long) row << 3));
            boolean counts = value <= furthest && value >= -furthest;
            if (counts && value > latest && (whole || BitVectorHelper.get(validity, row) != 0)) {
                latest = value;
            }
        }
        return latest == Long.MIN_VALUE ? otherwise : unit.micros(latest);
    }

    /**
     * Turns values of this column into microseconds, where they are times.
     *
     * @return whether all are
     */
    public boolean toMicros(long[] values, int rows) {
        long furthest = unit.furthest();
        boolean all = true;
        for (int row = 0; row < rows; row++) {
            boolean fits = values[row] <= furthest && values[row] >= -furthest;
            values[row] = fits ? unit.micros(values[row]) : Long.MAX_VALUE;
            all &= fits;
        }
        return all;
    }

    /** Whether what {@link #toMicros} made of a value is a time. */
    public static boolean isTime(long micros) {
        return micros <= FURTHEST && micros >= -FURTHEST;
    }
}
