package io.solstice.worker.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.expr.Expression;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.bytecode.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random expressions over random rows: what is compiled must agree with the interpreter in values, nulls and failures.
 */
class CompiledLikeInterpretedTest {
    private static final int EXPRESSIONS = 1_000;
    private static final Object FAILS = "fails";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agree(long seed) {
        Random random = new Random(seed);
        try (BufferAllocator allocator = new RootAllocator()) {
            int compiled = 0;
            int failing = 0;
            for (int i = 0; i < EXPRESSIONS; i++) {
                Expression expression = new RandomExpression(random).any(random.nextInt(5));
                int rows = new int[] {0, 1, 7, 63, 64, 65, 130}[random.nextInt(7)];
                double nulls = random.nextInt(3) == 0 ? 0 : 0.3;
                try (Batch batch = RandomBatch.make(random, rows, nulls, allocator)) {
                    if (!hasType(expression)) {
                        continue;
                    }
                    ComputedColumn column = column(expression);
                    compiled += column.isCompiled() ? 1 : 0;
                    failing += check(expression, column, batch, allocator) ? 0 : 1;
                } catch (RuntimeException | AssertionError failure) {
                    throw new AssertionError("seed " + seed + ", expression " + i + ": " + expression, failure);
                }
            }
            assertThat(compiled).isGreaterThan(EXPRESSIONS / 4);
            assertThat(failing).isGreaterThan(EXPRESSIONS / 50);
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    private static boolean hasType(Expression expression) {
        try {
            ExpressionTypes.typeOf(expression, RandomBatch.SCHEMA);
            return true;
        } catch (SolsticeException noType) {
            assertThat(noType.code()).isEqualTo(ErrorCode.TYPE_MISMATCH);
            return false;
        }
    }

    private static ComputedColumn column(Expression expression) {
        Typed node = new Typing(RandomBatch.SCHEMA).typed(expression);
        return new ComputedColumn(node, ExpressionTypes.typeOf(expression, RandomBatch.SCHEMA));
    }

    /** Whether the expression can be computed for every row. */
    private static boolean check(Expression expression, ComputedColumn column, Batch batch, BufferAllocator allocator) {
        List<@Nullable Object> expected = interpreted(column.node(), batch);
        List<Integer> good = new ArrayList<>();
        List<Integer> chosen = new ArrayList<>();
        for (int row = 0; row < expected.size(); row++) {
            if (expected.get(row) != FAILS) {
                good.add(row);
                if (Boolean.TRUE.equals(expected.get(row))) {
                    chosen.add(row);
                }
            }
        }
        boolean fails = good.size() < expected.size();
        try (FieldVector result = column.compute(batch, allocator)) {
            assertThat(fails).isFalse();
            assertThat(values(result, batch.rowCount())).isEqualTo(expected);
        } catch (ArithmeticException failure) {
            assertThat(fails).isTrue();
        }
        checkSkipping(expression, batch, allocator, good, expected);
        if (column.node().lane() == Lane.BIT) {
            Selection selection = new Selection();
            CompiledFilter.compile(expression, batch.schema())
                    .selectSkipping(
                            batch,
                            selection,
                            allocator,
                            (row, error) -> assertThat(expected.get(row)).isSameAs(FAILS));
            assertThat(rows(selection)).isEqualTo(chosen);
        }
        return !fails;
    }

    private static void checkSkipping(
            Expression expression,
            Batch batch,
            BufferAllocator allocator,
            List<Integer> good,
            List<@Nullable Object> expected) {
        List<Integer> failed = new ArrayList<>();
        CompiledProjection projection =
                CompiledProjection.compile(null, List.of(expression.as("result")), batch.schema());
        try (Batch result = projection.applySkipping(batch, allocator, (row, error) -> failed.add(row))) {
            assertThat(result.rowCount()).isEqualTo(good.size());
            assertThat(failed).hasSize(batch.rowCount() - good.size());
            assertThat(failed).noneMatch(good::contains);
            if (column(expression).node().lane() != Lane.OTHER) {
                assertThat(values(result.column(0), result.rowCount()))
                        .isEqualTo(good.stream().map(expected::get).toList());
            }
        }
    }

    private static List<@Nullable Object> interpreted(Typed node, Batch batch) {
        Interpreter.RowValue value = new Interpreter(batch).value(node);
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < batch.rowCount(); row++) {
            try {
                values.add(comparable(value.at(row)));
            } catch (ArithmeticException failure) {
                values.add(FAILS);
            }
        }
        return values;
    }

    private static List<@Nullable Object> values(FieldVector vector, int rows) {
        assertThat(vector.getValueCount()).isEqualTo(rows);
        Interpreter.RowValue value = StoredValues.of(vector, List.of());
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            values.add(comparable(value.at(row)));
        }
        return values;
    }

    private static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return java.nio.ByteBuffer.wrap(bytes);
        }
        return value instanceof java.math.BigDecimal decimal ? decimal.stripTrailingZeros() : value;
    }

    private static List<Integer> rows(Selection selection) {
        List<Integer> rows = new ArrayList<>();
        for (int run = 0; run < selection.runCount(); run++) {
            for (int i = 0; i < selection.length(run); i++) {
                rows.add(selection.start(run) + i);
            }
        }
        return rows;
    }
}
