package io.solstice.connector.files;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;

/** The values of a vector of whole numbers, or of counts of time, as longs. */
interface LongValues {
    long get(int row);

    static LongValues of(FieldVector vector) {
        return switch (vector.getMinorType()) {
            case TINYINT -> row -> ((TinyIntVector) vector).get(row);
            case SMALLINT -> row -> ((SmallIntVector) vector).get(row);
            case INT -> row -> ((IntVector) vector).get(row);
            case BIGINT -> row -> ((BigIntVector) vector).get(row);
            case UINT1 -> row -> ((UInt1Vector) vector).get(row) & 0xFF;
            case UINT2 -> row -> ((UInt2Vector) vector).get(row);
            case UINT4 -> row -> ((UInt4Vector) vector).get(row) & 0xFFFF_FFFFL;
            case UINT8 -> row -> ((UInt8Vector) vector).get(row);
            case DATEDAY -> row -> ((DateDayVector) vector).get(row);
            case DATEMILLI -> row -> ((DateMilliVector) vector).get(row);
            case TIMESEC -> row -> ((TimeSecVector) vector).get(row);
            case TIMEMILLI -> row -> ((TimeMilliVector) vector).get(row);
            case TIMEMICRO -> row -> ((TimeMicroVector) vector).get(row);
            case TIMENANO -> row -> ((TimeNanoVector) vector).get(row);
            default -> row -> ((TimeStampVector) vector).get(row);
        };
    }
}
