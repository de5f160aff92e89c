package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
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
        List<String> texts = TextViews.random(random, ROWS, nulls);
        Selection selection = new Selection();
        List<String> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            if (row % 7 < 3 || row % 11 == 0) {
                selection.add(row);
                expected.add(texts.get(row));
            }
        }
        Batch kept;
        try (Batch batch = Batch.of(List.of(TextViews.of(allocator, texts)), ROWS)) {
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
        try (Batch batch = Batch.of(List.of(TextViews.of(allocator, TextViews.random(random, ROWS, 0.5))), ROWS);
                Batch kept = Gather.rows(batch, new Selection(), allocator)) {
            assertThat(kept.rowCount()).isZero();
        }
    }
}
