package io.solstice.worker.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TimeColumnTest {
    private static final long NOTHING = -77;

    private static ArrowType timestamp(TimeUnit unit) {
        return new ArrowType.Timestamp(unit, "UTC");
    }

    static Stream<Arguments> columns() {
        ArrowType whole = new ArrowType.Int(64, true);
        return Stream.of(
                Arguments.of(whole, List.of(5L, 9L, -3L), 9L),
                Arguments.of(timestamp(TimeUnit.MICROSECOND), List.of(-5L, -9L), -5L),
                Arguments.of(timestamp(TimeUnit.SECOND), List.of(3L, 2L), 3_000_000L),
                Arguments.of(timestamp(TimeUnit.MILLISECOND), List.of(3L, -2L), 3_000L),
                Arguments.of(timestamp(TimeUnit.NANOSECOND), List.of(-1L, -2_001L), -1L),
                Arguments.of(timestamp(TimeUnit.NANOSECOND), List.of(1_999L), 1L),
                // Moments 73,000 years away are none that a row can have.
                Arguments.of(timestamp(TimeUnit.SECOND), List.of(7L, Long.MAX_VALUE / 2), 7_000_000L),
                Arguments.of(timestamp(TimeUnit.SECOND), List.of(Long.MIN_VALUE), NOTHING),
                Arguments.of(whole, List.of(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4 + 1), Long.MAX_VALUE / 4),
                Arguments.of(timestamp(TimeUnit.NANOSECOND), List.of(Long.MAX_VALUE), Long.MAX_VALUE / 1_000),
                Arguments.of(new ArrowType.Timestamp(TimeUnit.MILLISECOND, null), List.of(1L), 1_000L),
                Arguments.of(whole, List.of(), NOTHING));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void theNewestMomentIsFoundWhateverTheUnit(ArrowType type, List<Long> values, long latest) {
        assertThat(latest(type, values, false)).isEqualTo(latest);
        assertThat(latest(type, values, true)).as("with a null among them").isEqualTo(latest);
    }

    private static long latest(ArrowType type, List<Long> values, boolean withNull) {
        try (RootAllocator memory = new RootAllocator()) {
            Field field = new Field("t", FieldType.nullable(type), null);
            int rows = values.size() + (withNull ? 1 : 0);
            FieldVector vector = field.createVector(memory);
            ((BaseFixedWidthVector) vector).allocateNew(rows + 1);
            for (int row = 0; row < values.size(); row++) {
                set(vector, row, values.get(row));
            }
            if (withNull) {
                // What lies beneath a null is nobody's business.
                set(vector, rows - 1, Long.MAX_VALUE);
                vector.setNull(rows - 1);
            }
            vector.setValueCount(rows);
            try (Batch batch = Batch.of(List.of(vector), rows)) {
                return TimeColumn.of(batch.schema(), "t").latest(batch, NOTHING);
            }
        }
    }

    private static void set(FieldVector vector, int row, @Nullable Long value) {
        if (vector instanceof BigIntVector whole) {
            whole.set(row, value == null ? 0 : value);
        } else {
            ((TimeStampVector) vector).set(row, value == null ? 0 : value);
        }
    }

    @Test
    void aColumnThatTellsNoTimeIsRefused() {
        Schema schema = new Schema(List.of(
                new Field("name", FieldType.nullable(ArrowType.Utf8.INSTANCE), null),
                new Field("small", FieldType.nullable(new ArrowType.Int(32, true)), null)));
        assertThatThrownBy(() -> TimeColumn.of(schema, "name"))
                .hasMessageContaining("SOL-1201")
                .hasMessageContaining("tells no event time");
        assertThatThrownBy(() -> TimeColumn.of(schema, "small")).hasMessageContaining("SOL-1201");
        assertThatThrownBy(() -> TimeColumn.of(schema, "smal"))
                .hasMessageContaining("SOL-1202")
                .hasMessageContaining("small");
    }
}
