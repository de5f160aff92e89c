package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatherTest {
    private static final int SEEDS = 400;

    /** Chooses rows singly, in stretches, or both. */
    static int[] choose(Random random, int rows, Selection selection) {
        List<Integer> chosen = new ArrayList<>();
        selection.clear();
        int style = random.nextInt(4);
        for (int row = 0; row < rows; ) {
            int skip = style == 0 ? 0 : random.nextInt(style == 1 ? 3 : 40);
            row += skip;
            int length = Math.min(rows - row, style == 2 ? 1 : random.nextInt(1 + random.nextInt(60)));
            if (length > 0) {
                selection.addRun(row, length);
            }
            for (int i = 0; i < length; i++) {
                chosen.add(row++);
            }
            row++;
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void chosenRowsKeepTheirValuesWhateverTheirTypes() throws IOException {
        Selection selection = new Selection();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            try (BufferAllocator allocator = new RootAllocator()) {
                RandomBatches batches = new RandomBatches(random, allocator);
                Schema schema = batches.schema(1 + random.nextInt(5));
                int rows = random.nextInt(4) == 0 ? random.nextInt(4) : random.nextInt(300);
                try (Batch whole = batches.batch(schema, rows)) {
                    int from = random.nextInt(rows + 1);
                    int length = random.nextBoolean() ? rows - from : random.nextInt(rows - from + 1);
                    try (Batch part = whole.slice(from, length)) {
                        check(part, choose(random, length, selection), selection, allocator, "seed " + seed);
                    }
                }
            } catch (RuntimeException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    @Test
    void everyFlatTypeIsCopiedAtEveryDensityOfNulls() throws IOException {
        Selection selection = new Selection();
        for (int type = 0; type < RandomBatches.flatTypes(); type++) {
            Schema schema = new Schema(List.of(RandomBatches.flat("v", type)));
            for (int seed = 0; seed < 8; seed++) {
                Random random = new Random(seed);
                try (BufferAllocator allocator = new RootAllocator();
                        Batch batch = new RandomBatches(random, allocator).batch(schema, 200)) {
                    check(batch, choose(random, 200, selection), selection, allocator, schema + " seed " + seed);
                }
            }
        }
    }

    private static void check(Batch batch, int[] chosen, Selection selection, BufferAllocator allocator, String what)
            throws IOException {
        List<List<@Nullable Object>> expected = new ArrayList<>();
        for (int row : chosen) {
            expected.add(RandomBatches.row(batch, row));
        }
        try (Batch gathered = Gather.rows(batch, selection, allocator)) {
            assertThat(gathered.rowCount()).as(what).isEqualTo(chosen.length);
            assertThat(gathered.schema()).as(what).isEqualTo(batch.schema());
            assertThat(RandomBatches.rows(gathered)).as(what).isEqualTo(expected);
            assertThat(sent(gathered, allocator)).as("%s, after IPC", what).isEqualTo(expected);
        }
    }

    /** The rows after a way over the wire, which needs every buffer to be what its layout says. */
    private static List<List<@Nullable Object>> sent(Batch batch, BufferAllocator allocator) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (ArrowStreamWriter writer = new ArrowStreamWriter(batch.asRoot(), null, wire)) {
            writer.writeBatch();
        }
        try (ArrowStreamReader reader =
                new ArrowStreamReader(new ByteArrayInputStream(wire.toByteArray()), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            try (Batch received = Batch.transferFrom(reader.getVectorSchemaRoot(), allocator)) {
                return RandomBatches.rows(received);
            }
        }
    }

    @Test
    void allRowsAreSharedInsteadOfCopied() {
        try (BufferAllocator allocator = new RootAllocator()) {
            RandomBatches batches = new RandomBatches(new Random(1), allocator);
            Batch batch = batches.batch(batches.schema(3), 10);
            Selection selection = new Selection();
            selection.addRun(0, 10);
            long before = allocator.getAllocatedMemory();
            Batch all = Gather.rows(batch, selection, allocator);
            assertThat(allocator.getAllocatedMemory()).isEqualTo(before);
            batch.close();
            assertThat(RandomBatches.rows(all)).hasSize(10);
            all.close();
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void givesBackWhatItTookWhenMemoryRunsOut() {
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator small = root.newChildAllocator("small", 0, 4096)) {
            RandomBatches batches = new RandomBatches(new Random(2), root);
            try (Batch batch = batches.batch(batches.schema(8), 5000)) {
                Selection selection = new Selection();
                for (int row = 0; row < 5000; row += 2) {
                    selection.add(row);
                }
                assertThatThrownBy(() -> Gather.rows(batch, selection, small)).isInstanceOf(OutOfMemoryException.class);
                assertThat(small.getAllocatedMemory()).isZero();
            }
        }
    }
}
