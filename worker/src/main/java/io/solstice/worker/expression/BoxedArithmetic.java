package io.solstice.worker.expression;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression.Function;
import io.solstice.worker.bytecode.Lane;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Arithmetic and comparisons on values that are objects, none of them null. */
final class BoxedArithmetic {
    private BoxedArithmetic() {}

    static Object compute(Typed.Arithmetic node, Object a, Object b) {
        BinaryOperator operator = node.operator();
        return switch (node.lane()) {
            case INT, LONG -> whole(node, (Long) a, (Long) b);
            case FLOAT -> real(operator, (Float) a, (Float) b);
            case DOUBLE -> real(operator, (Double) a, (Double) b);
            case DECIMAL -> decimal(node, (BigDecimal) a, (BigDecimal) b);
            default -> throw new IllegalArgumentException("no arithmetic on " + node.type());
        };
    }

    private static Long whole(Typed.Arithmetic node, long a, long b) {
        BinaryOperator operator = node.operator();
        if (operator == BinaryOperator.MODULO) {
            if (b == 0) {
                throw new ArithmeticException(a + " % 0: a division of whole numbers by zero");
            }
            return a % b;
        }
        try {
            long result = switch (operator) {
                case PLUS -> Math.addExact(a, b);
                case MINUS -> Math.subtractExact(a, b);
                default -> Math.multiplyExact(a, b);
            };
            return node.lane() == Lane.INT ? (long) Math.toIntExact(result) : result;
        } catch (ArithmeticException overflow) {
            String sum = a + " " + operator.symbol() + " " + b;
            throw new ArithmeticException(sum + " is too large for " + TypeName.of(node.type()));
        }
    }

    private static Float real(BinaryOperator operator, float a, float b) {
        return switch (operator) {
            case PLUS -> a + b;
            case MINUS -> a - b;
            case TIMES -> a * b;
            default -> a % b;
        };
    }

    private static Double real(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case PLUS -> a + b;
            case MINUS -> a - b;
            case TIMES -> a * b;
            case DIVIDE -> a / b;
            default -> a % b;
        };
    }

    private static BigDecimal decimal(Typed.Arithmetic node, BigDecimal a, BigDecimal b) {
        if (node.operator() == BinaryOperator.MODULO && b.signum() == 0) {
            throw new ArithmeticException(a.toPlainString() + " % 0: a division by zero");
        }
        BigDecimal result = switch (node.operator()) {
            case PLUS -> a.add(b);
            case MINUS -> a.subtract(b);
            case TIMES -> a.multiply(b);
            default -> a.remainder(b);
        };
        return Conversions.decimal(result, (ArrowType.Decimal) node.type());
    }

    static Boolean compare(Typed.Comparison node, Object a, Object b) {
        if (a instanceof Double || a instanceof Float) {
            return holds(node.operator(), ((Number) a).doubleValue(), ((Number) b).doubleValue());
        }
        int order;
        if (node.leftUnits() != 1) {
            order = Comparisons.compareUnits((Long) a, (Long) b, node.leftUnits());
        } else if (a instanceof Long one) {
            order = one.compareTo((Long) b);
        } else if (a instanceof Boolean one) {
            order = one.compareTo((Boolean) b);
        } else if (a instanceof BigDecimal one) {
            order = one.compareTo((BigDecimal) b);
        } else {
            order = Arrays.compareUnsigned(bytes(a), bytes(b));
        }
        return holds(node.operator(), order);
    }

    private static boolean holds(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            default -> a >= b;
        };
    }

    private static boolean holds(BinaryOperator operator, int order) {
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            default -> order >= 0;
        };
    }

    /** The order of UTF-8 bytes is that of code points; that of Java strings is not. */
    private static byte[] bytes(Object value) {
        return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
    }

    static BigDecimal rounded(Typed.FunctionCall node, BigDecimal value) {
        BigDecimal result = switch (node.function()) {
            case ABS -> value.abs();
            case FLOOR -> value.setScale(0, RoundingMode.FLOOR);
            default -> value.setScale(0, RoundingMode.CEILING);
        };
        return Conversions.decimal(result, (ArrowType.Decimal) node.type());
    }

    static Number rounded(Typed.FunctionCall node, Number value) {
        Function function = node.function();
        if (value instanceof Long whole) {
            if (function != Function.ABS) {
                return whole;
            }
            long least = node.lane() == Lane.INT ? Integer.MIN_VALUE : Long.MIN_VALUE;
            if (whole == least) {
                throw new ArithmeticException(
                        "the absolute value of " + whole + " is too large for " + TypeName.of(node.type()));
            }
            return Math.abs(whole);
        } else if (value instanceof Float single) {
            return (float) rounded(function, (double) single);
        }
        return rounded(function, value.doubleValue());
    }

    private static double rounded(Function function, double value) {
        return switch (function) {
            case ABS -> Math.abs(value);
            case FLOOR -> Math.floor(value);
            default -> Math.ceil(value);
        };
    }
}
