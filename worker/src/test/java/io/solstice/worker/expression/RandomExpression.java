package io.solstice.worker.expression;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.api.expr.Expressions.when;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Expressions over {@link RandomBatch}. Not all of them have a type. */
final class RandomExpression {
    private static final String[] NUMBERS = {
        "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f16", "f32", "f64", "i32", "i64", "f64", "i64", "dec"
    };
    private static final String[] TIMES = {"day", "day64", "sec", "us", "ns", "time", "span"};
    private static final ArrowType[] CASTS = {
        Types.INT32,
        Types.INT64,
        Types.FLOAT32,
        Types.FLOAT64,
        new ArrowType.Int(8, true),
        new ArrowType.Int(16, false),
        new ArrowType.Int(64, false),
        new ArrowType.Decimal(30, 2, 128)
    };

    private final Random random;

    RandomExpression(Random random) {
        this.random = random;
    }

    private <T> T any(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    Expression any(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> text(depth);
            case 1, 2 -> number(depth);
            case 3 -> time(depth);
            default -> truth(depth);
        };
    }

    Expression truth(int depth) {
        if (depth == 0) {
            return random.nextInt(8) == 0 ? literal(random.nextBoolean()) : col("b");
        }
        int below = depth - 1;
        return switch (random.nextInt(12)) {
            case 0, 1 -> truth(below).and(truth(below));
            case 2, 3 -> truth(below).or(truth(below));
            case 4 -> truth(below).not();
            case 5 -> any(below).isNull();
            case 6 -> when(truth(below), truth(below), truth(below));
            case 7 -> new Expression.Binary(comparison(), text(below), text(below));
            case 8 -> textTest(below);
            case 9 -> new Expression.Binary(comparison(), time(below), time(below));
            case 10 -> membership(below);
            default -> new Expression.Binary(comparison(), number(below), number(below));
        };
    }

    private Expression textTest(int depth) {
        String part = any(RandomBatch.TEXT);
        return switch (random.nextInt(4)) {
            case 0 -> text(depth).contains(part);
            case 1 -> text(depth).startsWith(part);
            case 2 -> text(depth).endsWith(part);
            default -> new Expression.Call(Expression.Function.CONTAINS, List.of(text(depth), text(depth)));
        };
    }

    private Expression membership(int depth) {
        List<Expression.Literal> values = new ArrayList<>();
        boolean text = random.nextBoolean();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            values.add(lit(text ? any(RandomBatch.TEXT) : (Object) (long) random.nextInt(30)));
        }
        if (random.nextInt(4) == 0) {
            values.add(lit(null));
        }
        return new Expression.In(text ? text(depth) : number(depth), values);
    }

    private BinaryOperator comparison() {
        return BinaryOperator.values()[BinaryOperator.EQUAL.ordinal() + random.nextInt(6)];
    }

    Expression number(int depth) {
        if (depth == 0) {
            return random.nextInt(3) == 0 ? numberLiteral() : col(any(NUMBERS));
        }
        int below = depth - 1;
        return switch (random.nextInt(14)) {
            case 0, 1 -> number(below).plus(number(below));
            case 2 -> number(below).minus(number(below));
            case 3, 4 -> number(below).times(number(below));
            case 5 -> number(below).dividedBy(number(below));
            case 6, 7 -> number(below).modulo(number(below));
            case 8 -> number(below).cast(any(CASTS));
            case 9 -> when(truth(below), number(below), number(below));
            case 10 -> number(below).orElse(number(below));
            case 11 ->
                switch (random.nextInt(4)) {
                    case 0 -> number(below).abs();
                    case 1 -> number(below).floor();
                    case 2 -> number(below).ceil();
                    default -> text(below).length();
                };
            case 12 -> col("s").field(random.nextBoolean() ? "x" : "z");
            default -> random.nextInt(3) == 0 ? text(below).cast(any(CASTS)) : number(0);
        };
    }

    private Expression numberLiteral() {
        return switch (random.nextInt(8)) {
            case 0 -> lit(random.nextLong());
            case 1 -> lit(0L);
            case 2 -> lit(random.nextInt(100) / 4.0);
            case 3 -> random.nextInt(4) == 0 ? lit(new BigDecimal("12.34")) : lit(3L);
            case 4 -> random.nextInt(3) == 0 ? lit(null) : lit(Double.NaN);
            default -> lit((long) random.nextInt(300) - 20);
        };
    }

    private Expression literal(Object value) {
        return lit(random.nextInt(4) == 0 ? null : value);
    }

    Expression text(int depth) {
        if (depth == 0) {
            return random.nextInt(3) == 0
                    ? literal(any(RandomBatch.TEXT))
                    : col(any(new String[] {"t", "t", "lt", "vt"}));
        }
        int below = depth - 1;
        return switch (random.nextInt(8)) {
            case 0 -> text(below).concat(text(below));
            case 1 -> text(below).lower();
            case 2 -> text(below).upper();
            case 3 -> when(truth(below), text(below), text(below));
            case 4 -> text(below).orElse(text(below));
            case 5 -> number(below).cast(Types.UTF8);
            case 6 -> col("s").field("y");
            default -> text(0);
        };
    }

    Expression time(int depth) {
        if (depth == 0) {
            return switch (random.nextInt(6)) {
                case 0 ->
                    lit(Instant.ofEpochSecond(random.nextInt(20), random.nextInt(3) * 500_000_001L % 1_000_000_000));
                case 1 -> lit(LocalDate.ofEpochDay(random.nextInt(9)));
                default -> col(any(TIMES));
            };
        }
        int below = depth - 1;
        return switch (random.nextInt(5)) {
            case 0 -> when(truth(below), time(below), time(below));
            case 1 -> time(below).orElse(time(below));
            case 2 -> time(below).cast(new ArrowType.Timestamp(any(TimeUnit.values()), "UTC"));
            case 3 -> number(below).cast(new ArrowType.Timestamp(any(TimeUnit.values()), null));
            default -> time(0);
        };
    }
}
