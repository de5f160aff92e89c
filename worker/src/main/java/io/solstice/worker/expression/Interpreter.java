package io.solstice.worker.expression;

import io.solstice.exchange.batch.Batch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes a typed tree row by row. It says what an expression means: generated loops must agree with it. It also
 * computes what no loop is generated for.
 *
 * <p>Values by lane: Boolean, Long (int and long), Float, Double, String, byte[], BigDecimal,
 * {@link StoredValues.Cell}, null.
 */
final class Interpreter {
    /** One value of one row. Throws ArithmeticException where it cannot be computed. */
    @FunctionalInterface
    interface RowValue {
        @Nullable
        Object at(int row);
    }

    private final Batch batch;

    Interpreter(Batch batch) {
        this.batch = batch;
    }

    RowValue value(Typed node) {
        if (node instanceof Typed.ColumnValue column) {
            return StoredValues.of(batch.column(column.column()), column.path());
        } else if (node instanceof Typed.Constant constant) {
            Object value = constant.value();
            return row -> value;
        } else if (node instanceof Typed.Arithmetic arithmetic) {
            RowValue left = value(arithmetic.left());
            RowValue right = value(arithmetic.right());
            return row -> {
                Object a = left.at(row);
                Object b = right.at(row);
                return a == null || b == null ? null : BoxedArithmetic.compute(arithmetic, a, b);
            };
        } else if (node instanceof Typed.Comparison comparison) {
            return comparison(comparison);
        } else if (node instanceof Typed.Logic logic) {
            return logic(logic);
        } else if (node instanceof Typed.Negation negation) {
            RowValue operand = value(negation.operand());
            return row -> operand.at(row) instanceof Boolean truth ? !truth : null;
        } else if (node instanceof Typed.NullTest test) {
            RowValue operand = value(test.operand());
            return row -> operand.at(row) == null;
        } else if (node instanceof Typed.Membership membership) {
            return membership(membership);
        } else if (node instanceof Typed.Conversion conversion) {
            RowValue operand = value(conversion.operand());
            return row -> {
                Object value = operand.at(row);
                return value == null
                        ? null
                        : Conversions.convert(value, conversion.operand().type(), conversion.type());
            };
        } else if (node instanceof Typed.Choice choice) {
            RowValue condition = value(choice.condition());
            RowValue then = value(choice.then());
            RowValue otherwise = value(choice.otherwise());
            return row -> Boolean.TRUE.equals(condition.at(row)) ? then.at(row) : otherwise.at(row);
        } else if (node instanceof Typed.FirstPresent first) {
            return firstPresent(first);
        } else if (node instanceof Typed.Member member) {
            RowValue struct = value(member.struct());
            return row -> struct.at(row) instanceof StoredValues.Cell cell ? cell.member(member.index()) : null;
        }
        return call((Typed.FunctionCall) node);
    }

    private RowValue comparison(Typed.Comparison node) {
        RowValue left = value(node.left());
        RowValue right = value(node.right());
        return row -> {
            Object a = left.at(row);
            Object b = right.at(row);
            return a == null || b == null ? null : BoxedArithmetic.compare(node, a, b);
        };
    }

    private RowValue logic(Typed.Logic node) {
        RowValue left = value(node.left());
        RowValue right = value(node.right());
        Boolean deciding = !node.and();
        return row -> {
            Object a = left.at(row);
            if (deciding.equals(a)) {
                return a;
            }
            Object b = right.at(row);
            return deciding.equals(b) ? b : a == null || b == null ? null : (Object) !deciding;
        };
    }

    private RowValue membership(Typed.Membership node) {
        RowValue operand = value(node.operand());
        Set<Object> values = new HashSet<>(node.values());
        return row -> {
            Object value = operand.at(row);
            if (value == null) {
                return null;
            }
            return values.contains(value) ? Boolean.TRUE : node.orNull() ? null : Boolean.FALSE;
        };
    }

    private RowValue firstPresent(Typed.FirstPresent node) {
        List<RowValue> operands = new ArrayList<>();
        node.operands().forEach(operand -> operands.add(value(operand)));
        return row -> {
            for (RowValue operand : operands) {
                Object value = operand.at(row);
                if (value != null) {
                    return value;
                }
            }
            return null;
        };
    }

    private RowValue call(Typed.FunctionCall node) {
        RowValue first = value(node.operands().get(0));
        if (node.operands().size() == 1) {
            return row -> {
                Object value = first.at(row);
                return value == null ? null : one(node, value);
            };
        }
        RowValue second = value(node.operands().get(1));
        return row -> {
            Object a = first.at(row);
            Object b = second.at(row);
            return a == null || b == null ? null : two(node, (String) a, (String) b);
        };
    }

    private static Object one(Typed.FunctionCall node, Object value) {
        return switch (node.function()) {
            case ABS, FLOOR, CEIL ->
                value instanceof BigDecimal decimal
                        ? BoxedArithmetic.rounded(node, decimal)
                        : BoxedArithmetic.rounded(node, (Number) value);
            case LENGTH -> (long) ((String) value).codePointCount(0, ((String) value).length());
            case LOWER -> ((String) value).toLowerCase(Locale.ROOT);
            case UPPER -> ((String) value).toUpperCase(Locale.ROOT);
            default -> throw new IllegalArgumentException(node + " needs two arguments");
        };
    }

    private static Object two(Typed.FunctionCall node, String a, String b) {
        return switch (node.function()) {
            case CONCAT -> a + b;
            case CONTAINS -> a.contains(b);
            case STARTS_WITH -> a.startsWith(b);
            case ENDS_WITH -> a.endsWith(b);
            default -> throw new IllegalArgumentException(node + " needs one argument");
        };
    }
}
