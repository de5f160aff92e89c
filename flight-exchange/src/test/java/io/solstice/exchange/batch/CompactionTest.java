package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompactionTest {
    private static final int ROWS = 5_000;

    private final BufferAllocator allocator = new RootAllocator();
    private final Random random = new Random(5);

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    private static List<String> texts(Batch batch) {
        List<String> found = new ArrayList<>();
        for (int row = 0; row < batch.rowCount(); row++) {
            Object value = batch.column(0).getObject(row);
            found.add(value == null ? null : value.toString());
        }
        return found;
    }

    @Test
    void fewRowsOfManyKeepLittleInMemory() {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            texts.add(row % 5 == 0 ? null : ("text " + row + " ").repeat(1 + random.nextInt(9)));
        }
        Selection few = new Selection();
        for (int row = 3; row < ROWS; row += 500) {
            few.addRun(row, 4);
        }
        Batch chosen;
        try (Batch all = Batch.of(List.of(TextViews.of(allocator, texts)), ROWS)) {
            chosen = Gather.rows(all, few, allocator);
        }
        long shared = allocator.getAllocatedMemory();
        List<String> expected = texts(chosen);
        try (Batch kept = Compaction.of(chosen, allocator)) {
            assertThat(texts(kept)).isEqualTo(expected).contains((String) null);
            assertThat(allocator.getAllocatedMemory()).isLessThan(shared / 10);
        }
    }

    @Test
    void whatHoldsLittleElseIsKeptAsItIs() {
        Batch all = Batch.of(List.of(TextViews.of(allocator, TextViews.random(random, ROWS, 0.1))), ROWS);
        long before = allocator.getAllocatedMemory();
        try (Batch kept = Compaction.of(all, allocator)) {
            assertThat(kept).isSameAs(all);
            assertThat(allocator.getAllocatedMemory()).isEqualTo(before);
        }
    }

    @Test
    void rowsOfManyBatchesHaveOneBuffer() {
        List<Batch> batches = new ArrayList<>();
        Picks picks = new Picks();
        List<String> expected = new ArrayList<>();
        for (int source = 0; source < 50; source++) {
            List<String> texts = TextViews.random(random, 40, 0.2);
            batches.add(Batch.of(List.of(TextViews.of(allocator, texts)), 40));
            picks.add(source, source % 40);
            expected.add(texts.get(source % 40));
        }
        picks.addMissing();
        expected.add(null);
        var columns = batches.stream().map(batch -> batch.column(0)).toList();
        Batch picked = Batch.of(List.of(picks.column(columns, columns.get(0).getField(), allocator)), 51);
        batches.forEach(Batch::close);
        try (picked) {
            assertThat(texts(picked)).isEqualTo(expected);
            assertThat(picked.column(0).getFieldBuffers()).hasSizeLessThanOrEqualTo(3);
        }
    }
}
