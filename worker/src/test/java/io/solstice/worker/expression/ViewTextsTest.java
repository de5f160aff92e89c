package io.solstice.worker.expression;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.expr.Expression;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Conditions on texts that are stored as views: short ones, long ones in several buffers, and nulls over anything. */
class ViewTextsTest {
    private static final int ROWS = 5_000;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    /** Of 5 to 94 bytes, 12 and 13 among them, which is the most that a view holds and one more. */
    private static String text(int row) {
        return "ad-" + row % 10 + "-" + "x".repeat(row % 90);
    }

    private static boolean isNull(int row, boolean nulls) {
        return nulls && row % 7 == 3;
    }

    private Batch batch(boolean nulls) {
        ViewVarCharVector vector = new ViewVarCharVector("text", allocator);
        vector.allocateNew(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (isNull(row, nulls)) {
                vector.setNull(row);
            } else {
                vector.setSafe(row, text(row).getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (isNull(row, nulls)) {
                int width = BaseVariableWidthViewVector.ELEMENT_SIZE;
                vector.getDataBuffer()
                        .setBytes((long) row * width, "0123456789abcdef".getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(vector.getDataBuffers()).hasSizeGreaterThan(1);
        return Batch.of(List.of(vector), ROWS);
    }

    private List<Integer> chosen(Expression condition, boolean nulls) {
        Selection selection = new Selection();
        try (Batch batch = batch(nulls)) {
            CompiledFilter.compile(condition, batch.schema()).select(batch, selection, allocator);
        }
        List<Integer> rows = new ArrayList<>();
        for (int run = 0; run < selection.runCount(); run++) {
            for (int i = 0; i < selection.length(run); i++) {
                rows.add(selection.start(run) + i);
            }
        }
        return rows;
    }

    private void check(Expression condition, Predicate<String> expected) {
        for (boolean nulls : new boolean[] {false, true}) {
            List<Integer> rows = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                if (!isNull(row, nulls) && expected.test(text(row))) {
                    rows.add(row);
                }
            }
            assertThat(rows).isNotEmpty();
            assertThat(chosen(condition, nulls))
                    .as("%s, nulls: %s", condition, nulls)
                    .isEqualTo(rows);
        }
    }

    @Test
    void textsAreComparedWhereTheyLie() {
        String inside = text(7);
        String outside = text(8);
        assertThat(List.of(inside.length(), outside.length())).containsExactly(12, 13);
        check(col("text").eq(inside), inside::equals);
        check(col("text").eq(outside), outside::equals);
        check(
                col("text").eq(inside).or(col("text").eq(text(80))),
                text -> text.equals(inside) || text.equals(text(80)));
        check(col("text").gt(lit("ad-5")), text -> text.compareTo("ad-5") > 0);
        check(col("text").contains("-xx"), text -> text.contains("-xx"));
        check(col("text").length().lt(13), text -> text.length() < 13);
        check(col("text").in(inside, outside), text -> text.equals(inside) || text.equals(outside));
        check(col("text").eq(col("text")), text -> true);
    }

    @Test
    void aNullIsFoundWithoutItsText() {
        List<Integer> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            if (isNull(row, true) || row % 90 == 8) {
                expected.add(row);
            }
        }
        Expression isLong = col("text").length().eq(13);
        assertThat(chosen(col("text").isNull().or(isLong), true)).isEqualTo(expected);
    }
}
