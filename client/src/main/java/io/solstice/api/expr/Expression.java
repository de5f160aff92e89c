package io.solstice.api.expr;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * A value computed from the columns of a row, as data. Null follows SQL: an operation on null gives null, {@code and}
 * and {@code or} know three values, and a filter keeps a row only where its condition is true.
 *
 * <p>Numbers: an operation on two types is done in the wider one; {@code dividedBy} always gives float64;
 * {@code modulo} takes the sign of the left side. Overflow of int32 and int64 and a division of whole numbers by zero
 * are errors, never wrong values. Floating point follows IEEE 754; NaN equals nothing.
 */
public sealed interface Expression {

    record Column(String name) implements Expression {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A column that the input need not have; without it, the value is null. */
    record OptionalColumn(String name) implements Expression {
        @Override
        public String toString() {
            return name + "?";
        }
    }

    /** @param value Boolean, Long, Double, String, Instant, LocalDate, BigDecimal or null */
    record Literal(@Nullable Object value) implements Expression {
        @Override
        public String toString() {
            return value instanceof String text ? "'" + text.replace("'", "''") + "'" : String.valueOf(value);
        }
    }

    record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {
        @Override
        public String toString() {
            return "(" + left + " " + operator.symbol() + " " + right + ")";
        }
    }

    record Not(Expression operand) implements Expression {
        @Override
        public String toString() {
            return "(not " + operand + ")";
        }
    }

    record IsNull(Expression operand) implements Expression {
        @Override
        public String toString() {
            return "(" + operand + " is null)";
        }
    }

    record In(Expression operand, List<Literal> values) implements Expression {
        public In {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            return "(" + operand + " in "
                    + values.stream().map(Literal::toString).collect(Collectors.joining(", ", "(", ")")) + ")";
        }
    }

    /** A value of another type; what does not fit is an error. */
    record Cast(Expression operand, ArrowType type) implements Expression {
        @Override
        public String toString() {
            return "cast(" + operand + " as " + type + ")";
        }
    }

    record Call(Function function, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String toString() {
            return function.name().toLowerCase(java.util.Locale.ROOT)
                    + arguments.stream().map(Expression::toString).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /** {@code then} where the condition is true, else {@code otherwise}. */
    record If(Expression condition, Expression then, Expression otherwise) implements Expression {
        @Override
        public String toString() {
            return "if(" + condition + ", " + then + ", " + otherwise + ")";
        }
    }

    /** A field of a struct column. */
    record Field(Expression struct, String name) implements Expression {
        @Override
        public String toString() {
            return struct + "." + name;
        }
    }

    /** The same value under a name. */
    record Named(Expression operand, String name) implements Expression {
        @Override
        public String toString() {
            return operand + " as " + name;
        }
    }

    /** Named functions. */
    enum Function {
        COALESCE,
        ABS,
        FLOOR,
        CEIL,
        LENGTH,
        LOWER,
        UPPER,
        CONCAT,
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH
    }

    default Expression plus(Object other) {
        return binary(BinaryOperator.PLUS, other);
    }

    default Expression minus(Object other) {
        return binary(BinaryOperator.MINUS, other);
    }

    default Expression times(Object other) {
        return binary(BinaryOperator.TIMES, other);
    }

    /** Always float64, also for whole numbers; dividing by zero gives an infinity or NaN. */
    default Expression dividedBy(Object other) {
        return binary(BinaryOperator.DIVIDE, other);
    }

    default Expression modulo(Object other) {
        return binary(BinaryOperator.MODULO, other);
    }

    default Expression eq(Object other) {
        return binary(BinaryOperator.EQUAL, other);
    }

    default Expression ne(Object other) {
        return binary(BinaryOperator.NOT_EQUAL, other);
    }

    default Expression lt(Object other) {
        return binary(BinaryOperator.LESS, other);
    }

    default Expression le(Object other) {
        return binary(BinaryOperator.LESS_OR_EQUAL, other);
    }

    default Expression gt(Object other) {
        return binary(BinaryOperator.GREATER, other);
    }

    default Expression ge(Object other) {
        return binary(BinaryOperator.GREATER_OR_EQUAL, other);
    }

    default Expression and(Expression other) {
        return binary(BinaryOperator.AND, other);
    }

    default Expression or(Expression other) {
        return binary(BinaryOperator.OR, other);
    }

    /** Both ends included. */
    default Expression between(Object low, Object high) {
        return ge(low).and(le(high));
    }

    default Expression not() {
        return new Not(this);
    }

    default Expression isNull() {
        return new IsNull(this);
    }

    default Expression isNotNull() {
        return new Not(new IsNull(this));
    }

    default Expression in(@Nullable Object... values) {
        return new In(this, Arrays.stream(values).map(Expressions::lit).toList());
    }

    default Expression cast(ArrowType type) {
        return new Cast(this, type);
    }

    /** This value, or the other where this is null. */
    default Expression orElse(Object other) {
        return new Call(Function.COALESCE, List.of(this, Expressions.expression(other)));
    }

    default Expression abs() {
        return new Call(Function.ABS, List.of(this));
    }

    default Expression floor() {
        return new Call(Function.FLOOR, List.of(this));
    }

    default Expression ceil() {
        return new Call(Function.CEIL, List.of(this));
    }

    /** Of a text: its number of Unicode code points. */
    default Expression length() {
        return new Call(Function.LENGTH, List.of(this));
    }

    default Expression lower() {
        return new Call(Function.LOWER, List.of(this));
    }

    default Expression upper() {
        return new Call(Function.UPPER, List.of(this));
    }

    default Expression concat(Object other) {
        return new Call(Function.CONCAT, List.of(this, Expressions.expression(other)));
    }

    default Expression contains(String part) {
        return new Call(Function.CONTAINS, List.of(this, Expressions.lit(part)));
    }

    default Expression startsWith(String prefix) {
        return new Call(Function.STARTS_WITH, List.of(this, Expressions.lit(prefix)));
    }

    default Expression endsWith(String suffix) {
        return new Call(Function.ENDS_WITH, List.of(this, Expressions.lit(suffix)));
    }

    default Expression field(String name) {
        return new Field(this, name);
    }

    /** The same value; the resulting column has this name. */
    default Expression as(String name) {
        return new Named(this, name);
    }

    private Expression binary(BinaryOperator operator, Object other) {
        return new Binary(operator, this, Expressions.expression(other));
    }
}
