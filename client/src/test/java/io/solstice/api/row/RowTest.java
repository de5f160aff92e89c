package io.solstice.api.row;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowTest {
    private static final Row ROW = Row.of("id", 1, "name", "a", "score", 1.5, "ok", true, "none", null);

    @Test
    void readsByNameAndType() {
        assertThat(ROW.names()).containsExactly("id", "name", "score", "ok", "none");
        assertThat(ROW.getLong("id")).isEqualTo(1);
        assertThat(ROW.getDouble("id")).isEqualTo(1.0);
        assertThat(ROW.getDouble("score")).isEqualTo(1.5);
        assertThat(ROW.getString("name")).isEqualTo("a");
        assertThat(ROW.getBoolean("ok")).isTrue();
        assertThat(ROW.get("none")).isNull();
        assertThat(ROW.get("nope")).isNull();
        assertThat(ROW.has("none")).isTrue();
        assertThat(ROW.has("nope")).isFalse();
        assertThat(Row.of("s", Row.of("x", 1)).getRow("s")).isEqualTo(Row.of("x", 1));
    }

    @Test
    void missingNullAndWrongValuesAreNamed() {
        assertThat(refused(ErrorCode.COLUMN_UNKNOWN, () -> ROW.getLong("idd")).help())
                .startsWith("did you mean 'id'?");
        assertThat(refused(ErrorCode.NULL_VALUE, () -> ROW.getString("none")).what())
                .isEqualTo("'none' is null");
        assertThat(refused(ErrorCode.TYPE_MISMATCH, () -> ROW.getLong("score")).cause())
                .isEqualTo("it is the Double 1.5");
        refused(ErrorCode.TYPE_MISMATCH, () -> ROW.getString("id"));
        refused(ErrorCode.TYPE_MISMATCH, () -> ROW.getBoolean("id"));
        refused(ErrorCode.TYPE_MISMATCH, () -> ROW.getDouble("name"));
        refused(ErrorCode.TYPE_MISMATCH, () -> ROW.getRow("name"));
    }

    @Test
    void ofANameThatComesTwiceTheLastValueCounts() {
        assertThat(Row.of("a", 1, "b", 2, "a", 3)).isEqualTo(Row.of("a", 3, "b", 2));
        assertThat(Row.of()).isEqualTo(Row.EMPTY);
    }

    @Test
    void aRowMayHaveAnyNumberOfNames() {
        for (int count : new int[] {1, 2, 3, 16, 17, 40}) {
            @Nullable Object[] namesAndValues = new Object[2 * count];
            for (int i = 0; i < count; i++) {
                namesAndValues[2 * i] = "n" + i;
                namesAndValues[2 * i + 1] = i;
            }
            Row row = Row.of(namesAndValues);
            assertThat(row.names()).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(row.get("n" + i)).isEqualTo(i);
            }
        }
    }

    @Test
    void withAndWithoutMakeNewRows() {
        assertThat(ROW.with("id", 2).with("more", 3).without("none"))
                .isEqualTo(Row.of("id", 2, "name", "a", "score", 1.5, "ok", true, "more", 3));
        assertThat(ROW.getLong("id")).isEqualTo(1);
        assertThatThrownBy(() -> ROW.toMap().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Row.of("odd")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Row.ofMap(ROW.toMap())).isEqualTo(ROW);
    }

    private static Row nested() {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("bytes", new byte[] {1});
        map.put("none", null);
        return Row.of(
                "vector",
                new float[] {1, 2},
                "list",
                new ArrayList<>(List.of(new byte[] {1, 2}, new double[] {3})),
                "map",
                map,
                "row",
                Row.of("inner", List.of(new long[] {4})));
    }

    @Test
    void equalityLooksIntoArraysWhereverTheyAre() {
        assertThat(nested()).isEqualTo(nested()).hasSameHashCodeAs(nested());
        assertThat(nested()).isNotEqualTo(nested().with("vector", new float[] {1, 3}));
        assertThat(nested()).isNotEqualTo(nested().with("list", List.of(new byte[] {1, 2}, new double[] {4})));
        assertThat(nested()).isNotEqualTo(nested().with("list", List.of(new byte[] {1, 2})));
        assertThat(nested()).isNotEqualTo(nested().with("map", Map.of("bytes", new byte[] {1})));
        assertThat(nested()).isNotEqualTo(nested().without("row"));
        assertThat(Row.of("a", 1, "b", 2)).as("order counts").isNotEqualTo(Row.of("b", 2, "a", 1));
    }

    @Test
    void showsItsValues() {
        assertThat(ROW).hasToString("{id: 1, name: a, score: 1.5, ok: true, none: null}");
        assertThat(nested().without("map"))
                .hasToString("{vector: [1.0, 2.0], list: [[1, 2], [3.0]], row: {inner: [[4]]}}");
        assertThat(Row.EMPTY).hasToString("{}");
    }
}
