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
 * int64. Moments beyond what microseconds can tell count as the first or last that they can.
 *
 * @param index of the column
 * @param unit how a value becomes microseconds
 */
public record TimeColumn(int index, Unit unit) {
    /** How many microseconds a value stands for. */
    enum Unit {
        SECONDS,
        MILLISECONDS,
        MICROSECONDS,
        NANOSECONDS;

        long micros(long value) {
            return switch (this) {
                case SECONDS -> times(value, 1_000_000);
                case MILLISECONDS -> times(value, 1_000);
                case MICROSECONDS -> value;
                case NANOSECONDS -> Math.floorDiv(value, 1_000);
            };
        }

        private static long times(long value, long factor) {
            long high = Math.multiplyHigh(value, factor);
            long low = value * factor;
            boolean fits = high == 0 && low >= 0 || high == -1 && low < 0;
            return fits ? low : value < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
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
                .help("make one with MapOperator before, for example with col(\"ms\").multiply(lit(1000))")
                .toException();
    }

    /** The newest moment in the batch, in microseconds since 1970-01-01 UTC; {@code otherwise} if no row has one. */
    public long latest(Batch batch, long otherwise) {
        FieldVector column = batch.column(index);
        int rows = batch.rowCount();
        long address = column.getDataBuffer().memoryAddress();
        boolean any = false;
        long latest = Long.MIN_VALUE;
        if (column.getNullCount() == 0) {
            for (int row = 0; row < rows; row++) {
                latest = Math.max(latest, MemoryUtil.getLong(address + ((long) row << 3)));
            }
            any = rows > 0;
        } else {
            ArrowBuf validity = column.getValidityBuffer();
            for (int row = 0; row < rows; row++) {
                if (BitVectorHelper.get(validity, row) != 0) {
                    latest = Math.max(latest, MemoryUtil.getLong(address + ((long) row << 3)));
                    any = true;
                }
            }
        }
        return any ? unit.micros(latest) : otherwise;
    }
}
