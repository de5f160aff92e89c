package io.solstice.api.expr;

import io.solstice.common.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Where expressions begin: {@code col("price").times(0.908).as("price_eur")}. */
public final class Expressions {
    private Expressions() {}

    /** A column of the input. */
    public static Expression col(String name) {
        return new Expression.Column(name);
    }

    /** A column of the input where the input has it, else null in each row. */
    public static Expression optional(String name) {
        return new Expression.OptionalColumn(name);
    }

    /** A constant: a truth value, number, text, {@link Instant}, {@link LocalDate}, {@link BigDecimal} or null. */
    public static Expression.Literal lit(@Nullable Object value) {
        if (value instanceof Expression.Literal literal) {
            return literal;
        }
        if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return new Expression.Literal(((Number) value).longValue());
        }
        if (value instanceof Float single) {
            return new Expression.Literal(single.doubleValue());
        }
        if (value == null
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof String
                || value instanceof Instant
                || value instanceof LocalDate
                || value instanceof BigDecimal) {
            return new Expression.Literal(value);
        }
        throw ErrorCode.RECORD_TYPE
                .error("a " + value.getClass().getName() + " cannot be a constant in an expression")
                .help("use a boolean, number, String, Instant, LocalDate or BigDecimal")
                .toException();
    }

    /** {@code then} where the condition is true, {@code otherwise} where it is false or null. */
    public static Expression when(Expression condition, Object then, Object otherwise) {
        return new Expression.If(condition, expression(then), expression(otherwise));
    }

    /** An expression as it is, anything else as a constant. */
    static Expression expression(@Nullable Object value) {
        return value instanceof Expression expression ? expression : lit(value);
    }
}
