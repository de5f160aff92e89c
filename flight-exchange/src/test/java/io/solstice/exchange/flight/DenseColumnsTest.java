package io.solstice.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.batch.TextViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenseColumnsTest {
    private static final int ROWS = 2_000;

    private final BufferAllocator allocator = new RootAllocator();
    private final Random random = new Random(5);

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.4, 1})
    void aFewOfManyRowsTakeOnlyTheirOwnTextAlong(double nulls) {
        List<String> texts = TextViews.random(random, ROWS, nulls);
        try (Batch all = batch(texts);
                Batch few = Gather.rows(all, everyTwentieth(), allocator);
                DenseColumns dense = new DenseColumns(few.asRoot())) {
            List<String> expected = new ArrayList<>();
            for (int row = 0; row < ROWS; row += 20) {
                expected.add(texts.get(row));
            }
            assertThat(texts(dense.root())).isEqualTo(expected);
            long whole = bytes(all.asRoot());
            assertThat(bytes(few.asRoot())).as("as it is kept").isGreaterThan(whole * (nulls == 1 ? 0 : 1) / 2);
            assertThat(bytes(dense.root())).as("as it is sent").isLessThan(100 * (16 + 60) + 1_000L);
        }
    }

    @Test
    void aDenseColumnIsNotCopied() {
        try (Batch all = batch(TextViews.random(random, ROWS, 0.1))) {
            VectorSchemaRoot root = all.asRoot();
            try (DenseColumns dense = new DenseColumns(root)) {
                assertThat(dense.root()).isSameAs(root);
            }
        }
    }

    /** Many rows point at the same bytes: one by one they would be more than the pool. */
    @Test
    void aSharedPoolIsNotTakenApart() {
        try (Batch few = batch(TextViews.random(random, 200, 0))) {
            Selection often = new Selection();
            for (int row = 0; row < 100; row++) {
                often.add(row);
            }
            try (Batch half = Gather.rows(few, often, allocator);
                    DenseColumns dense = new DenseColumns(half.asRoot())) {
                assertThat(texts(dense.root())).isEqualTo(texts(half.asRoot()));
                assertThat(bytes(dense.root())).isLessThanOrEqualTo(bytes(half.asRoot()));
            }
        }
    }

    @Test
    void aSliceOfAColumnIsSentAsItReads() {
        try (Batch all = batch(TextViews.random(random, ROWS, 0.2));
                VectorSchemaRoot slice = all.asRoot().slice(700, 50);
                DenseColumns dense = new DenseColumns(slice)) {
            assertThat(texts(dense.root())).isEqualTo(texts(slice)).hasSize(50);
        }
    }

    private static Selection everyTwentieth() {
        Selection selection = new Selection();
        for (int row = 0; row < ROWS; row += 20) {
            selection.add(row);
        }
        return selection;
    }

    private Batch batch(List<String> texts) {
        return Batch.of(List.of(TextViews.of(allocator, texts)), texts.size());
    }

    private static List<String> texts(VectorSchemaRoot root) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            Object value = root.getVector(0).getObject(row);
            texts.add(value == null ? null : value.toString());
        }
        return texts;
    }

    private static long bytes(VectorSchemaRoot root) {
        long bytes = 0;
        for (FieldVector vector : root.getFieldVectors()) {
            for (ArrowBuf buffer : vector.getFieldBuffers()) {
                bytes += buffer.readableBytes();
            }
        }
        return bytes;
    }
}
