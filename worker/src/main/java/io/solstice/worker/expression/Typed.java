package io.solstice.worker.expression;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression.Function;
import io.solstice.worker.bytecode.Lane;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * An expression whose types are known and agree: the operands of every node have the lane that the node computes in,
 * all conversions being nodes of their own. Trees compare by value, so that equal expressions share generated code.
 */
sealed interface Typed {
    /** The type and children of the result; its name means nothing. */
    Field field();

    List<Typed> operands();

    /** Whether this node itself, leaving its operands aside, can fail for a value. */
    default boolean failsItself() {
        return false;
    }

    default ArrowType type() {
        return field().getType();
    }

    default Lane lane() {
        return Lane.of(type());
    }

    default boolean nullable() {
        return field().isNullable();
    }

    default boolean fallible() {
        boolean fallible = failsItself();
        for (Typed operand : operands()) {
            fallible = fallible || operand.fallible();
        }
        return fallible;
    }

    /** A leaf that is read from memory. */
    sealed interface Stored extends Typed {
        @Override
        default List<Typed> operands() {
            return List.of();
        }
    }

    /** @param path the positions of nested struct fields, outermost first */
    record ColumnValue(int column, List<Integer> path, Field field) implements Stored {}

    /** A part of a tree that the interpreter computes into a vector first. */
    record Temporary(int index, Field field) implements Stored {}

    /** @param value Boolean, Long (lanes int and long), Float, Double, String, BigDecimal or null */
    record Constant(Field field, @Nullable Object value) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of();
        }
    }

    record Arithmetic(BinaryOperator operator, Typed left, Typed right, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(left, right);
        }

        @Override
        public boolean failsItself() {
            if (lane() == Lane.DECIMAL) {
                return true;
            }
            boolean whole = lane() == Lane.INT || lane() == Lane.LONG;
            boolean byConstant =
                    right instanceof Constant constant && constant.value() instanceof Long divisor && divisor != 0;
            return whole && !(operator == BinaryOperator.MODULO && byConstant);
        }
    }

    /**
     * @param leftUnits how many units of the right side one unit of the left side is: 1, or more for times of different
     *     precision
     */
    record Comparison(BinaryOperator operator, Typed left, Typed right, long leftUnits, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(left, right);
        }
    }

    /** Three-valued {@code and} and {@code or}; the right side is not computed where the left decides. */
    record Logic(boolean and, Typed left, Typed right, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(left, right);
        }
    }

    record Negation(Typed operand, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(operand);
        }
    }

    record NullTest(Typed operand, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(operand);
        }
    }

    /** @param values distinct Longs or Strings, as the operand's lane says */
    record Membership(Typed operand, List<Object> values, boolean orNull, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(operand);
        }
    }

    record Conversion(Typed operand, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(operand);
        }

        @Override
        public boolean failsItself() {
            return Conversions.canFail(operand.type(), type());
        }
    }

    record FunctionCall(Function function, List<Typed> operands, Field field) implements Typed {
        @Override
        public boolean failsItself() {
            return lane() == Lane.DECIMAL || (function == Function.ABS && (lane() == Lane.INT || lane() == Lane.LONG));
        }
    }

    record Choice(Typed condition, Typed then, Typed otherwise, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(condition, then, otherwise);
        }
    }

    /** The first operand that is not null. */
    record FirstPresent(List<Typed> operands, Field field) implements Typed {}

    /** A field of a struct that is not simply a column. */
    record Member(Typed struct, int index, Field field) implements Typed {
        @Override
        public List<Typed> operands() {
            return List.of(struct);
        }
    }
}
