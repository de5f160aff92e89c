package io.solstice.api.expr;

import static io.solstice.api.Refusals.refused;
import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.api.expr.Expressions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.Test;

class ExpressionTest {

    @Test
    void arithmeticAndComparisons() {
        assertThat(col("a").plus(1).minus(2.5).times(col("b"))).hasToString("(((a + 1) - 2.5) * b)");
        assertThat(col("a").dividedBy(2).modulo(3)).hasToString("((a / 2) % 3)");
        assertThat(col("a").eq(1).and(col("b").ne(2)).or(col("c").lt(3)))
                .hasToString("(((a = 1) and (b <> 2)) or (c < 3))");
        assertThat(col("a").between(1, 5)).hasToString("((a >= 1) and (a <= 5))");
        assertThat(col("a").gt(1).not()).hasToString("(not (a > 1))");
    }

    @Test
    void nullsListsAndCasts() {
        assertThat(col("a").isNull()).hasToString("(a is null)");
        assertThat(col("a").isNotNull()).hasToString("(not (a is null))");
        assertThat(col("a").in("x", null, 3)).hasToString("(a in ('x', null, 3))");
        assertThat(col("a").cast(ArrowType.Utf8.INSTANCE)).hasToString("cast(a as Utf8)");
        assertThat(col("a").orElse(0)).hasToString("coalesce(a, 0)");
        assertThat(when(col("a").gt(0), "yes", lit(null))).hasToString("if((a > 0), 'yes', null)");
    }

    @Test
    void functionsFieldsAndNames() {
        assertThat(col("a").abs().floor().ceil()).hasToString("ceil(floor(abs(a)))");
        assertThat(col("s").lower().upper().length()).hasToString("length(upper(lower(s)))");
        assertThat(col("s").concat("!").contains("x")).hasToString("contains(concat(s, '!'), 'x')");
        assertThat(col("s").startsWith("a").or(col("s").endsWith("b")))
                .hasToString("(starts_with(s, 'a') or ends_with(s, 'b'))");
        assertThat(col("user").field("name").as("who")).hasToString("user.name as who");
    }

    @Test
    void constantsAreWidenedAndQuoted() {
        assertThat(lit((byte) 1)).isEqualTo(lit(1L)).isEqualTo(lit((short) 1)).isEqualTo(lit(1));
        assertThat(lit(0.5f)).isEqualTo(lit(0.5));
        assertThat(lit("it's")).hasToString("'it''s'");
        assertThat(lit(null)).hasToString("null");
        assertThat(lit(lit(5))).isEqualTo(lit(5));
        assertThat(lit(new BigDecimal("1.50"))).hasToString("1.50");
        assertThat(lit(LocalDate.of(2026, 1, 2))).hasToString("2026-01-02");
        assertThat(lit(Instant.EPOCH)).hasToString("1970-01-01T00:00:00Z");
        assertThat(refused(ErrorCode.RECORD_TYPE, () -> lit(new StringBuilder()))
                        .what())
                .contains("java.lang.StringBuilder");
    }

    @Test
    void equalExpressionsAreEqual() {
        assertThat(col("a").plus(1).as("b")).isEqualTo(col("a").plus(1L).as("b"));
        assertThat(col("a").plus(1)).isNotEqualTo(col("a").plus(2));
    }
}
