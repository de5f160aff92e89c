package io.solstice.api.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {
    private record Point(int x, Double y) {}

    private record Everything(
            long id,
            String name,
            Instant at,
            BigDecimal money,
            float[] vector,
            List<Point> points,
            Thread.State state) {}

    private record Unknown(int fine, Map<String, String> tags) {}

    private record Inner(Thread thread) {}

    private record Outer(Inner inner) {}

    private record Endless(List<Endless> children) {}

    @Test
    void componentsAreColumns() {
        Schema schema = RecordSchema.of(Everything.class);
        assertThat(schema.getFields())
                .extracting(Field::toString)
                .containsExactly(
                        "id: Int(64, true) not null",
                        "name: Utf8",
                        "at: Timestamp(MICROSECOND, UTC)",
                        "money: Decimal(38, 9, 128)",
                        "vector: List<item: FloatingPoint(SINGLE) not null>",
                        "points: List<item: Struct<x: Int(32, true) not null, y: FloatingPoint(DOUBLE)>>",
                        "state: Utf8");
    }

    @Test
    void whatHasNoColumnIsNamed() {
        assertRefused(Unknown.class, "component 'tags' of record Unknown");
        assertRefused(Outer.class, "component 'inner.thread' of record Inner");
        assertRefused(Endless.class, "record Endless contains itself");
    }

    private static void assertRefused(Class<? extends Record> type, String what) {
        assertThatThrownBy(() -> RecordSchema.of(type)).isInstanceOfSatisfying(SolsticeException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.RECORD_TYPE);
            assertThat(refusal.error().what()).contains(what);
        });
    }
}
