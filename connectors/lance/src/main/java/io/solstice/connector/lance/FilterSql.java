package io.solstice.connector.lance;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes conditions as SQL for Lance, but only those whose meaning there is exactly that of {@link Expression}.
 *
 * <p>Lance (DataFusion) orders floating point totally: NaN is equal to itself and beyond all numbers, and -0.0 lies
 * below
 * 0.0. Comparisons are written so that IEEE 754 comes out. It also turns a literal into the column's type, so only
 * literals that this does not change are taken. Whole-number arithmetic wraps there and is an error here, so of it only
 * the remainder by a constant is taken. What is not taken the engine computes.
 */
final class FilterSql {
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private final Schema schema;

    FilterSql(Schema schema) {
        this.schema = schema;
    }

    /** The condition as SQL, or null if Lance would not mean the same. */
    @Nullable
    String condition(Expression expression) {
        if (expression instanceof Expression.Named named) {
            return condition(named.operand());
        }
        if (expression instanceof Expression.Not not) {
            String operand = condition(not.operand());
            return operand == null ? null : "(NOT " + operand + ")";
        }
        if (expression instanceof Expression.IsNull isNull) {
            Operand operand = operand(isNull.operand());
            return operand == null ? null : "(" + operand.sql + " IS NULL)";
        }
        if (expression instanceof Expression.Binary binary) {
            return binary.operator().isLogical() ? logical(binary) : comparison(binary);
        }
        if (expression instanceof Expression.In in) {
            return in(in);
        }
        if (expression instanceof Expression.Call call) {
            return textCall(call);
        }
        Operand operand = operand(expression);
        return operand != null && operand.type instanceof ArrowType.Bool ? operand.sql : null;
    }

    private @Nullable String logical(Expression.Binary binary) {
        String left = condition(binary.left());
        String right = condition(binary.right());
        if (left == null || right == null) {
            return null;
        }
        return "(" + left + " " + binary.operator().symbol() + " " + right + ")";
    }

    private @Nullable String comparison(Expression.Binary binary) {
        if (!binary.operator().isComparison()) {
            return null;
        }
        if (binary.right() instanceof Expression.Literal literal) {
            return compare(operand(binary.left()), binary.operator(), literal.value());
        }
        if (binary.left() instanceof Expression.Literal literal) {
            return compare(operand(binary.right()), flipped(binary.operator()), literal.value());
        }
        return null;
    }

    private @Nullable String in(Expression.In in) {
        Operand operand = operand(in.operand());
        List<String> choices = new ArrayList<>();
        for (Expression.Literal literal : in.values()) {
            String choice = compare(operand, BinaryOperator.EQUAL, literal.value());
            if (choice == null) {
                return null;
            }
            choices.add(choice);
        }
        return choices.isEmpty() ? null : "(" + String.join(" OR ", choices) + ")";
    }

    private @Nullable String textCall(Expression.Call call) {
        String function = switch (call.function()) {
            case STARTS_WITH, ENDS_WITH, CONTAINS -> call.function().name().toLowerCase(Locale.ROOT);
            case COALESCE, ABS, FLOOR, CEIL, LENGTH, LOWER, UPPER, CONCAT -> null;
        };
        if (function == null
                || call.arguments().size() != 2
                || !(call.arguments().get(1) instanceof Expression.Literal part)
                || !(part.value() instanceof String text)) {
            return null;
        }
        Operand operand = operand(call.arguments().get(0));
        return operand != null && isText(operand.type)
                ? function + "(" + operand.sql + ", " + quoted(text) + ")"
                : null;
    }

    /** A column, or the remainder of a whole-number column. */
    private record Operand(String sql, ArrowType type) {}

    private @Nullable Operand operand(Expression expression) {
        if (expression instanceof Expression.Column column) {
            return column(column.name());
        }
        if (expression instanceof Expression.Binary binary
                && binary.operator() == BinaryOperator.MODULO
                && binary.right() instanceof Expression.Literal literal
                && literal.value() instanceof Long divisor) {
            Operand left = operand(binary.left());
            // Taken only where it cannot overflow or divide by zero, and computed in the column's own type.
            if (left != null && left.type instanceof ArrowType.Int type) {
                boolean exact = type.getIsSigned() && divisor > 0 && fits(divisor, type);
                return exact ? new Operand("(" + left.sql + " % " + divisor + ")", type) : null;
            }
        }
        return null;
    }

    private @Nullable Operand column(String name) {
        for (Field field : schema.getFields()) {
            if (field.getName().equals(name)) {
                boolean plain =
                        field.getDictionary() == null && field.getChildren().isEmpty();
                return plain ? new Operand("`" + name + "`", field.getType()) : null;
            }
        }
        return null;
    }

    private static @Nullable String compare(
            @Nullable Operand operand, BinaryOperator operator, @Nullable Object literal) {
        if (operand == null || literal == null) {
            return null;
        }
        ArrowType type = operand.type;
        if (type instanceof ArrowType.FloatingPoint floating) {
            Double value = floatingLiteral(floating, literal);
            return value == null ? null : compareFloating(operand.sql, operator, value);
        }
        String value = null;
        if (type instanceof ArrowType.Int whole && literal instanceof Long number && fits(number, whole)) {
            value = number.toString();
        } else if (isText(type) && literal instanceof String text) {
            value = quoted(text);
        } else if (type instanceof ArrowType.Bool && literal instanceof Boolean && isEquality(operator)) {
            value = literal.toString();
        } else if (type instanceof ArrowType.Date date && literal instanceof LocalDate day) {
            value = date.getUnit() == DateUnit.DAY && day.getYear() >= 1 && day.getYear() <= 9999
                    ? "date '" + day + "'"
                    : null;
        } else if (type instanceof ArrowType.Timestamp timestamp && literal instanceof Instant instant) {
            value = timestampLiteral(timestamp, instant);
        }
        return value == null ? null : "(" + operand.sql + " " + operator.symbol() + " " + value + ")";
    }

    private static String compareFloating(String operand, BinaryOperator operator, double value) {
        String literal = Double.toString(value);
        if (value == 0) {
            switch (operator) {
                case EQUAL -> {
                    return "(" + operand + " = 0.0 OR " + operand + " = -0.0)";
                }
                case NOT_EQUAL -> {
                    return "(" + operand + " <> 0.0 AND " + operand + " <> -0.0)";
                }
                case LESS, GREATER_OR_EQUAL -> literal = "-0.0";
                default -> literal = "0.0";
            }
        }
        String compared = operand + " " + operator.symbol() + " " + literal;
        return isEquality(operator) ? "(" + compared + ")" : "(" + compared + " AND NOT isnan(" + operand + "))";
    }

    private static @Nullable Double floatingLiteral(ArrowType.FloatingPoint type, Object literal) {
        double value;
        if (literal instanceof Long whole && Math.abs(whole) <= EXACT_IN_DOUBLE) {
            value = whole;
        } else if (literal instanceof Double number && Double.isFinite(number)) {
            value = number;
        } else {
            return null;
        }
        boolean exact = type.getPrecision() == FloatingPointPrecision.DOUBLE
                || (type.getPrecision() == FloatingPointPrecision.SINGLE && (float) value == value);
        return exact ? value : null;
    }

    /** Counted units with a zone: the text form would be read in the column's own zone. */
    private static @Nullable String timestampLiteral(ArrowType.Timestamp type, Instant instant) {
        if (type.getTimezone() == null) {
            return null;
        }
        long perSecond = switch (type.getUnit()) {
            case SECOND -> 1L;
            case MILLISECOND -> 1_000L;
            case MICROSECOND -> 1_000_000L;
            case NANOSECOND -> 1_000_000_000L;
        };
        long nanosPerUnit = 1_000_000_000L / perSecond;
        BigInteger units = BigInteger.valueOf(instant.getEpochSecond())
                .multiply(BigInteger.valueOf(perSecond))
                .add(BigInteger.valueOf(instant.getNano() / nanosPerUnit));
        boolean exact = instant.getNano() % nanosPerUnit == 0 && units.bitLength() < 63;
        String unit = type.getUnit().name().charAt(0)
                + type.getUnit().name().substring(1).toLowerCase(Locale.ROOT);
        return exact ? "arrow_cast(" + units + ", 'Timestamp(" + unit + ", Some(\"UTC\"))')" : null;
    }

    private static boolean fits(long value, ArrowType.Int type) {
        int bits = type.getBitWidth();
        if (!type.getIsSigned()) {
            return bits < 64 && value >= 0 && value < 1L << bits;
        }
        // The smallest int64 cannot be written as a literal: the minus is read apart from the digits.
        return bits == 64 ? value > Long.MIN_VALUE : value >= -(1L << (bits - 1)) && value < 1L << (bits - 1);
    }

    private static boolean isText(ArrowType type) {
        return type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8;
    }

    private static boolean isEquality(BinaryOperator operator) {
        return operator == BinaryOperator.EQUAL || operator == BinaryOperator.NOT_EQUAL;
    }

    private static BinaryOperator flipped(BinaryOperator operator) {
        return switch (operator) {
            case LESS -> BinaryOperator.GREATER;
            case LESS_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
            case GREATER -> BinaryOperator.LESS;
            case GREATER_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
            case PLUS, MINUS, TIMES, DIVIDE, MODULO, EQUAL, NOT_EQUAL, AND, OR -> operator;
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
