package io.solstice.worker.bytecode;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The Java form in which values of an Arrow type are computed. */
public enum Lane {
    /** A truth value, as 0 or 1. */
    BIT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    /** UTF-8, as an address and a length. */
    TEXT,
    /** Like text, but any bytes. */
    BYTES,
    DECIMAL,
    /** Structs, lists and all else: can be passed on and tested for null, nothing more. */
    OTHER;

    public static Lane of(ArrowType type) {
        if (type instanceof ArrowType.Bool) {
            return BIT;
        } else if (type instanceof ArrowType.Int whole) {
            boolean fits = whole.getBitWidth() < 32 || (whole.getBitWidth() == 32 && whole.getIsSigned());
            return fits ? INT : LONG;
        } else if (type instanceof ArrowType.FloatingPoint real) {
            return real.getPrecision() == FloatingPointPrecision.DOUBLE ? DOUBLE : FLOAT;
        } else if (type instanceof ArrowType.Timestamp || type instanceof ArrowType.Duration) {
            return LONG;
        } else if (type instanceof ArrowType.Date date) {
            return date.getUnit() == DateUnit.DAY ? INT : LONG;
        } else if (type instanceof ArrowType.Time time) {
            return time.getBitWidth() == 32 ? INT : LONG;
        } else if (type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View) {
            return TEXT;
        } else if (type instanceof ArrowType.Binary
                || type instanceof ArrowType.LargeBinary
                || type instanceof ArrowType.BinaryView
                || type instanceof ArrowType.FixedSizeBinary) {
            return BYTES;
        } else if (type instanceof ArrowType.Decimal) {
            return DECIMAL;
        }
        return OTHER;
    }

    /** Whether values fit a Java primitive, so that loops are generated for them. */
    public boolean isPrimitive() {
        return this.compareTo(DOUBLE) <= 0;
    }

    public boolean isBytes() {
        return this == TEXT || this == BYTES;
    }
}
