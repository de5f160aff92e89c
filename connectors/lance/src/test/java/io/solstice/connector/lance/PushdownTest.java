package io.solstice.connector.lance;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.connector.lance.Lab.FLOAT64;
import static io.solstice.connector.lance.Lab.INT64;
import static io.solstice.connector.lance.Lab.TEXT;
import static io.solstice.connector.lance.Lab.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.LanceTableSource;
import io.solstice.spi.PushdownSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A condition given to Lance keeps exactly the rows that it keeps by the definition in {@link Expression}. */
class PushdownTest {
    private static final Instant EPOCH = Instant.parse("1969-12-31T23:59:59.999990Z");
    private static final Schema SCHEMA = Lab.schema(
            field("id", INT64),
            field("i", INT64),
            field("small", new ArrowType.Int(8, true)),
            field("f", FLOAT64),
            field("g", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            field("s", TEXT),
            field("b", new ArrowType.Bool()),
            field("d", new ArrowType.Date(DateUnit.DAY)),
            field("t", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Europe/Berlin")));
    private static final double[] NUMBERS = {
        Double.NaN, -0.0, 0.0, 1, -1, 0.5, 2.5, 1e300, -1e-300, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    private static final List<String> TEXTS = List.of("", "a", "ab", "it's", "a%b", "雪", "x\\y");

    @TempDir
    Path folder;

    private final List<Map<String, Object>> rows = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsTheRowsThatTheEngineWouldKeep(long seed) throws Exception {
        Random random = new Random(seed);
        LanceTableSource source =
                LanceTableSource.of(folder.resolve("t.lance").toString()).columns("id");
        try (Lab lab = new Lab()) {
            fill(lab, random);
            int pushed = 0;
            for (int round = 0; round < 150; round++) {
                Expression condition = condition(random, 3);
                try (PushdownSource offered = Lab.connector().source(source)) {
                    if (!offered.acceptFilter(condition)) {
                        continue;
                    }
                }
                pushed++;
                List<List<String>> expected = rows.stream()
                        .filter(row -> Boolean.TRUE.equals(value(condition, row)))
                        .map(row -> List.of(String.valueOf(row.get("id"))))
                        .toList();
                assertThat(lab.read(source, condition)).as(condition.toString()).isEqualTo(expected);
            }
            assertThat(pushed).isGreaterThan(40);
        }
    }

    static List<Expression> leftToTheEngine() {
        return List.of(
                col("i").plus(1).gt(2),
                col("i").modulo(0).eq(0),
                col("i").eq(col("small")),
                col("i").gt(1.5),
                col("i").eq(Long.MIN_VALUE),
                col("small").gt(1000),
                col("f").gt(Double.NaN),
                col("g").eq(0.1),
                col("f").eq(Long.MAX_VALUE),
                col("f").gt(new BigDecimal("0.1")),
                col("b").lt(true),
                col("s").lower().eq("a"),
                col("i").eq(lit(null)),
                col("s").eq(1),
                col("t").gt(EPOCH.plusNanos(1)),
                col("i"),
                lit(true),
                col("missing").isNull());
    }

    @ParameterizedTest
    @MethodSource("leftToTheEngine")
    void leavesTheRestToTheEngine(Expression condition) throws Exception {
        try (Lab lab = new Lab()) {
            fill(lab, new Random(1));
            try (PushdownSource source = Lab.connector()
                    .source(LanceTableSource.of(folder.resolve("t.lance").toString()))) {
                assertThat(source.acceptFilter(condition)).isFalse();
            }
        }
    }

    @Test
    void joinsTheTextFilterAndConditionsWithAnd() throws Exception {
        try (Lab lab = new Lab()) {
            fill(lab, new Random(4));
            LanceTableSource source = LanceTableSource.of(
                            folder.resolve("t.lance").toString())
                    .columns("id")
                    .filter("id < 5 OR id > 290 -- the ends");
            assertThat(lab.read(source, col("id").modulo(2).eq(0), col("id").gt(2)))
                    .isEqualTo(List.of(List.of("4"), List.of("292"), List.of("294"), List.of("296"), List.of("298")));
        }
    }

    private void fill(Lab lab, Random random) throws Exception {
        String path = folder.resolve("t.lance").toString();
        lab.write(LanceSink.of(path), "fill", lab.batch(SCHEMA, 300, (root, row) -> rows.add(put(root, row, random))));
    }

    private static Map<String, Object> put(VectorSchemaRoot root, int row, Random random) {
        Map<String, Object> values = new HashMap<>();
        values.put("id", (long) row);
        ((BigIntVector) root.getVector("id")).setSafe(row, row);
        if (random.nextInt(5) > 0) {
            long whole = random.nextInt(9) == 0 ? Long.MAX_VALUE : random.nextInt(9) - 4;
            ((BigIntVector) root.getVector("i")).setSafe(row, whole);
            values.put("i", whole);
            ((TinyIntVector) root.getVector("small")).setSafe(row, random.nextInt(9) - 4);
            values.put("small", (long) ((TinyIntVector) root.getVector("small")).get(row));
        }
        if (random.nextInt(5) > 0) {
            double number = NUMBERS[random.nextInt(NUMBERS.length)];
            ((Float8Vector) root.getVector("f")).setSafe(row, number);
            values.put("f", number);
            ((Float4Vector) root.getVector("g")).setSafe(row, (float) number);
            values.put("g", (double) (float) number);
        }
        if (random.nextInt(5) > 0) {
            String text = TEXTS.get(random.nextInt(TEXTS.size()));
            ((VarCharVector) root.getVector("s")).setSafe(row, text.getBytes(StandardCharsets.UTF_8));
            values.put("s", text);
            boolean flag = random.nextBoolean();
            ((BitVector) root.getVector("b")).setSafe(row, flag ? 1 : 0);
            values.put("b", flag);
        }
        if (random.nextInt(5) > 0) {
            int days = random.nextInt(9) - 4;
            ((DateDayVector) root.getVector("d")).setSafe(row, days);
            values.put("d", LocalDate.ofEpochDay(days));
            long micros = random.nextInt(20);
            Instant instant = EPOCH.plus(micros, ChronoUnit.MICROS);
            ((TimeStampMicroTZVector) root.getVector("t")).setSafe(row, micros - 10);
            values.put("t", instant);
        }
        return values;
    }

    private static Expression condition(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 5 : 9);
        return switch (kind) {
            case 0 -> compare(random, col("f"), NUMBERS[random.nextInt(NUMBERS.length)]);
            case 1 -> compare(random, col(random.nextBoolean() ? "i" : "small"), (long) random.nextInt(9) - 4);
            case 2 -> leaf(random);
            case 3 -> compare(random, col("g"), NUMBERS[1 + random.nextInt(6)]);
            case 4 -> col(SCHEMA.getFields().get(random.nextInt(9)).getName()).isNull();
            case 5 -> condition(random, depth - 1).not();
            case 6, 7 -> condition(random, depth - 1).and(condition(random, depth - 1));
            default -> condition(random, depth - 1).or(condition(random, depth - 1));
        };
    }

    private static Expression leaf(Random random) {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        return switch (random.nextInt(9)) {
            case 0 -> compare(random, col("s"), text);
            case 1 -> col("s").in(text, "a");
            case 2 -> col("s").startsWith(text);
            case 3 -> col("s").contains(text);
            case 4 -> col("s").endsWith(text);
            case 5 -> col("b");
            case 6 -> compare(random, col("d"), LocalDate.ofEpochDay(random.nextInt(5) - 2));
            case 7 -> compare(random, col("t"), EPOCH.plus(random.nextInt(20), ChronoUnit.MICROS));
            default -> col("i").modulo(3).in(-1L, 1L);
        };
    }

    private static Expression compare(Random random, Expression left, Object right) {
        return switch (random.nextInt(7)) {
            case 0 -> left.eq(right);
            case 1 -> left.ne(right);
            case 2 -> left.lt(right);
            case 3 -> left.le(right);
            case 4 -> left.gt(right);
            case 5 -> left.ge(right);
            default -> new Expression.Binary(BinaryOperator.GREATER, lit(right), left);
        };
    }

    /** The definition, row by row: null, a Boolean, Long, Double, String, LocalDate or Instant. */
    private static @Nullable Object value(Expression expression, Map<String, Object> row) {
        if (expression instanceof Expression.Column column) {
            return row.get(column.name());
        }
        if (expression instanceof Expression.Literal literal) {
            return literal.value();
        }
        if (expression instanceof Expression.IsNull isNull) {
            return value(isNull.operand(), row) == null;
        }
        if (expression instanceof Expression.Not not) {
            Object operand = value(not.operand(), row);
            return operand == null ? null : !((Boolean) operand);
        }
        if (expression instanceof Expression.In in) {
            Expression any = new Expression.Literal(false);
            for (Expression.Literal choice : in.values()) {
                any = any.or(in.operand().eq(choice));
            }
            return value(any, row);
        }
        if (expression instanceof Expression.Call call) {
            Object text = value(call.arguments().get(0), row);
            String part = String.valueOf(value(call.arguments().get(1), row));
            return text == null
                    ? null
                    : switch (call.function()) {
                        case STARTS_WITH -> text.toString().startsWith(part);
                        case ENDS_WITH -> text.toString().endsWith(part);
                        case CONTAINS -> text.toString().contains(part);
                        default -> throw new AssertionError(call);
                    };
        }
        if (expression instanceof Expression.Binary binary) {
            return binary(binary.operator(), value(binary.left(), row), value(binary.right(), row));
        }
        throw new AssertionError(expression);
    }

    private static @Nullable Object binary(BinaryOperator operator, @Nullable Object left, @Nullable Object right) {
        if (operator == BinaryOperator.AND) {
            boolean isFalse = Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right);
            return isFalse ? Boolean.FALSE : left == null || right == null ? null : Boolean.TRUE;
        }
        if (operator == BinaryOperator.OR) {
            boolean isTrue = Boolean.TRUE.equals(left) || Boolean.TRUE.equals(right);
            return isTrue ? Boolean.TRUE : left == null || right == null ? null : Boolean.FALSE;
        }
        if (left == null || right == null) {
            return null;
        }
        if (operator == BinaryOperator.MODULO) {
            return (Long) left % (Long) right;
        }
        if (left instanceof Double || right instanceof Double) {
            double a = ((Number) left).doubleValue();
            double b = ((Number) right).doubleValue();
            return switch (operator) {
                case EQUAL -> a == b;
                case NOT_EQUAL -> a != b;
                case LESS -> a < b;
                case LESS_OR_EQUAL -> a <= b;
                case GREATER -> a > b;
                case GREATER_OR_EQUAL -> a >= b;
                default -> throw new AssertionError(operator);
            };
        }
        @SuppressWarnings("unchecked")
        int order = ((Comparable<Object>) left).compareTo(right);
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            default -> throw new AssertionError(operator);
        };
    }
}
