package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private BigIntVector numbers(String name, long... values) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private Batch twoColumns() {
        return Batch.of(List.of(numbers("a", 1, 2, 3), numbers("b", 4, 5, 6)), 3);
    }

    private static long[] values(Batch batch, String column) {
        BigIntVector vector = (BigIntVector) batch.column(column);
        long[] values = new long[batch.rowCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector.get(i);
        }
        return values;
    }

    @Test
    void sharedColumnsLiveUntilTheirLastHolderLetsGo() {
        Batch first = twoColumns();
        Batch second = first.share();
        long bytes = allocator.getAllocatedMemory();
        first.close();
        assertThat(allocator.getAllocatedMemory()).isEqualTo(bytes);
        assertThat(values(second, "b")).containsExactly(4, 5, 6);
        second.close();
    }

    @Test
    void selectingFreesTheColumnsThatNobodyHolds() {
        Batch both = twoColumns();
        long bytes = allocator.getAllocatedMemory();
        Batch one = both.select(1);
        both.close();
        assertThat(allocator.getAllocatedMemory()).isEqualTo(bytes / 2);
        assertThat(one.schema().getFields()).extracting(Field::getName).containsExactly("b");
        assertThat(values(one, "b")).containsExactly(4, 5, 6);
        one.close();
    }

    @Test
    void aColumnMayBeSelectedTwice() {
        Batch both = twoColumns();
        Batch twice = both.select(0, 0);
        both.close();
        assertThat(twice.columnCount()).isEqualTo(2);
        twice.close();
    }

    @Test
    void rearrangingMixesOldAndNewColumns() {
        Batch batch = twoColumns();
        Schema target = new Schema(List.of(
                Field.nullable("sum", new ArrowType.Int(64, true)), Field.nullable("a", new ArrowType.Int(64, true))));
        Batch result = batch.rearrange(target, new int[] {-1, 0}, List.of(numbers("sum", 5, 7, 9)));
        batch.close();
        assertThat(values(result, "sum")).containsExactly(5, 7, 9);
        assertThat(values(result, "a")).containsExactly(1, 2, 3);
        result.close();
    }

    @Test
    void aSliceOutlivesItsBatch() {
        Batch batch = twoColumns();
        Batch slice = batch.slice(1, 2);
        Batch nothing = batch.slice(3, 0);
        Batch everything = batch.slice(0, 3);
        batch.close();
        assertThat(values(slice, "a")).containsExactly(2, 3);
        assertThat(nothing.rowCount()).isZero();
        assertThat(values(everything, "b")).containsExactly(4, 5, 6);
        slice.close();
        nothing.close();
        everything.close();
    }

    @Test
    void slicesOfRandomBatchesHoldTheirRows() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            RandomBatches batches = new RandomBatches(random, allocator);
            int rows = 1 + random.nextInt(100);
            try (Batch batch = batches.batch(batches.schema(3), rows)) {
                int from = random.nextInt(rows);
                int length = random.nextInt(rows - from + 1);
                try (Batch slice = batch.slice(from, length)) {
                    assertThat(RandomBatches.rows(slice))
                            .as("seed %d", seed)
                            .isEqualTo(RandomBatches.rows(batch).subList(from, from + length));
                }
            }
        }
    }

    @Test
    void renamingKeepsTheColumns() {
        Batch batch = twoColumns();
        Schema names = new Schema(List.of(
                Field.nullable("x", new ArrowType.Int(64, true)), Field.nullable("y", new ArrowType.Int(64, true))));
        Batch renamed = batch.renamed(names);
        batch.close();
        assertThat(values(renamed, "y")).containsExactly(4, 5, 6);
        renamed.close();
    }

    @Test
    void takesTheBuffersOfARootWhichCanBeFilledAgain() {
        BigIntVector vector = numbers("a", 1, 2);
        try (VectorSchemaRoot root = VectorSchemaRoot.of(vector);
                BufferAllocator other = allocator.newChildAllocator("other", 0, Long.MAX_VALUE)) {
            root.setRowCount(2);
            Batch batch = Batch.transferFrom(root, other);
            assertThat(other.getAllocatedMemory()).isPositive();
            vector.setSafe(0, 9);
            root.setRowCount(1);
            assertThat(values(batch, "a")).containsExactly(1, 2);
            batch.close();
        }
    }

    @Test
    void anEmptyBatchHasColumnsOfEveryType() {
        Schema schema = new RandomBatches(new Random(3), allocator).schema(30);
        try (Batch empty = Batch.empty(schema, allocator)) {
            assertThat(empty.rowCount()).isZero();
            assertThat(empty.columnCount()).isEqualTo(30);
            assertThat(empty.schema()).isEqualTo(schema);
        }
    }

    @Test
    void closingTwiceIsRefused() {
        Batch batch = twoColumns();
        batch.close();
        assertThatThrownBy(batch::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedBatchGivesNothingOutAnyMore() {
        Batch batch = twoColumns();
        Batch other = batch.share();
        batch.close();
        assertThatThrownBy(batch::share).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.select(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.slice(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.column(0)).isInstanceOf(IllegalStateException.class);
        other.close();
    }

    @Test
    void anUnknownColumnNamesTheNearest() {
        try (Batch batch = Batch.of(List.of(numbers("price"), numbers("amount")), 0)) {
            SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> batch.column("prize"));
            assertThat(refused.code()).isEqualTo(ErrorCode.COLUMN_UNKNOWN);
            assertThat(refused.error().help()).startsWith("did you mean 'price'?");
        }
    }

    @Test
    void schemaAndVectorsMustBeEquallyMany() {
        try (FieldVector vector = numbers("a")) {
            assertThatThrownBy(() -> Batch.of(new Schema(List.of()), List.of(vector), 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void randomHandingOnAndClosingLeavesNothing() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Batch> held = new ArrayList<>(List.of(twoColumns()));
            for (int step = 0; step < 40 && !held.isEmpty(); step++) {
                Batch batch = held.remove(random.nextInt(held.size()));
                switch (random.nextInt(5)) {
                    case 0 -> held.add(batch.share());
                    case 1 -> held.add(batch.select(random.nextInt(batch.columnCount())));
                    case 2 -> held.add(batch.slice(0, random.nextInt(batch.rowCount() + 1)));
                    case 3 -> held.addAll(List.of(batch.share(), batch.share()));
                    default -> {
                        batch.close();
                        continue;
                    }
                }
                held.add(batch);
            }
            held.forEach(Batch::discard);
            assertThat(allocator.getAllocatedMemory()).as("seed %d", seed).isZero();
        }
    }
}
