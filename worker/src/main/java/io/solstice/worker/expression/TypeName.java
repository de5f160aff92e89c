package io.solstice.worker.expression;

import java.util.Locale;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Names of types as messages use them: {@code int64}, {@code timestamp(us, UTC)}. */
public final class TypeName {
    private TypeName() {}

    public static String of(ArrowType type) {
        if (type instanceof ArrowType.Int whole) {
            return (whole.getIsSigned() ? "int" : "uint") + whole.getBitWidth();
        } else if (type instanceof ArrowType.FloatingPoint real) {
            return switch (real.getPrecision()) {
                case HALF -> "float16";
                case SINGLE -> "float32";
                case DOUBLE -> "float64";
            };
        } else if (type instanceof ArrowType.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + ", " + decimal.getScale() + ")";
        } else if (type instanceof ArrowType.Timestamp time) {
            String zone = time.getTimezone() == null ? "" : ", " + time.getTimezone();
            return "timestamp(" + unit(time.getUnit()) + zone + ")";
        } else if (type instanceof ArrowType.Date date) {
            return date.getUnit() == DateUnit.DAY ? "date32" : "date64";
        } else if (type instanceof ArrowType.Time time) {
            return "time(" + unit(time.getUnit()) + ")";
        } else if (type instanceof ArrowType.Duration duration) {
            return "duration(" + unit(duration.getUnit()) + ")";
        } else if (type instanceof ArrowType.FixedSizeList list) {
            return "list[" + list.getListSize() + "]";
        }
        return type.getTypeID().name().toLowerCase(Locale.ROOT);
    }

    private static String unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> "s";
            case MILLISECOND -> "ms";
            case MICROSECOND -> "us";
            case NANOSECOND -> "ns";
        };
    }
}
