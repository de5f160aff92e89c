package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ViewVarCharVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatherViewsTest {
    private static final int ROWS = 1000;

    private final BufferAllocator allocator = new RootAllocator();
    private final Random random = new Random(11);

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 1})
    void chosenRowsKeepTheirTextAfterTheSourceIsGone(double nulls) {
        List<String> texts = texts(nulls);
        Selection selection = new Selection();
        List<String> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            if (row % 7 < 3 || row % 11 == 0) {
                selection.add(row);
                expected.add(texts.get(row));
            }
        }
        Batch kept;
        try (Batch batch = Batch.of(List.of(vector(texts)), ROWS)) {
            kept = Gather.rows(batch, selection, allocator);
        }
        try (kept) {
            List<String> found = new ArrayList<>();
            for (int row = 0; row < kept.rowCount(); row++) {
                Object value = kept.column(0).getObject(row);
                found.add(value == null ? null : value.toString());
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void noRowsAtAll() {
        try (Batch batch = Batch.of(List.of(vector(texts(0.5))), ROWS);
                Batch kept = Gather.rows(batch, new Selection(), allocator)) {
            assertThat(kept.rowCount()).isZero();
        }
    }

    /** Short ones, which lie in the view itself, and long ones, which it points at. */
    private List<String> texts(double nulls) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            texts.add(random.nextDouble() < nulls ? null : row + "x".repeat(random.nextInt(40)));
        }
        return texts;
    }

    private ViewVarCharVector vector(List<String> texts) {
        ViewVarCharVector vector = new ViewVarCharVector("text", allocator);
        vector.allocateNew(texts.size());
        for (int row = 0; row < texts.size(); row++) {
            String text = texts.get(row);
            if (text == null) {
                vector.setNull(row);
            } else {
                vector.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(texts.size());
        return vector;
    }
}
