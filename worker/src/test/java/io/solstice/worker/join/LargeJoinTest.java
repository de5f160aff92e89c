package io.solstice.worker.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.overflow.HeapShare;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Joins of whole inputs whose keys need more memory than there is for them. */
class LargeJoinTest {
    private static final int ROWS = 8_192;
    private static final int BATCHES = 160;
    private static final int HALF = BATCHES / 2;
    private static final long EACH = (long) HALF * ROWS;
    private static final long LIMIT = 16L << 20;
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final Schema LEFT = new Schema(List.of(Field.nullable("k", INT64), Field.nullable("l", INT64)));
    private static final Schema RIGHT = new Schema(List.of(Field.nullable("k", INT64), Field.nullable("r", INT64)));

    /** What has come, by whether the left and the right row are there. */
    private static final class Results implements Outbox {
        private final HeapShare heap;
        private long pairs;
        private long lefts;
        private long rights;
        private long mostHeap;

        Results(BufferAllocator memory) {
            heap = HeapShare.of(memory);
        }

        @Override
        public void emit(Batch batch) {
            measure();
            try (batch) {
                BigIntVector key = (BigIntVector) batch.column("k");
                BigIntVector left = (BigIntVector) batch.column("l");
                BigIntVector right = (BigIntVector) batch.column("r");
                for (int row = 0; row < batch.rowCount(); row++) {
                    boolean isLeft = !left.isNull(row);
                    boolean isRight = !right.isNull(row);
                    assertThat(isLeft || isRight).isTrue();
                    assertThat(!isLeft || left.get(row) == -key.get(row)).isTrue();
                    assertThat(!isRight || right.get(row) == 3 * key.get(row)).isTrue();
                    pairs += isLeft && isRight ? 1 : 0;
                    lefts += isRight ? 0 : 1;
                    rights += isLeft ? 0 : 1;
                }
            }
        }

        void measure() {
            mostHeap = Math.max(mostHeap, heap.taken());
        }

        @Override
        public void emitAll(Iterator<Batch> batches) {
            batches.forEachRemaining(this::emit);
        }
    }

    private static Join opened(JoinOperator definition, BufferAllocator memory) {
        Join join = new Join(definition.on("k"), Clock.SYSTEM);
        join.bind(LEFT, RIGHT);
        join.open(new TaskOfTest(0, 1, memory, new ArrayList<>(), new ArrayList<>()));
        return join;
    }

    private static Batch rows(Schema schema, long from, LongUnaryOperator value, BufferAllocator memory) {
        BigIntVector keys = new BigIntVector(schema.getFields().get(0), memory);
        BigIntVector values = new BigIntVector(schema.getFields().get(1), memory);
        keys.allocateNew(ROWS);
        values.allocateNew(ROWS);
        for (int i = 0; i < ROWS; i++) {
            keys.set(i, from + i);
            values.set(i, value.applyAsLong(from + i));
        }
        keys.setValueCount(ROWS);
        values.setValueCount(ROWS);
        return Batch.of(schema, List.of(keys, values), ROWS);
    }

    private static void rights(Join join, int from, int to, BufferAllocator memory, Results results) {
        for (int i = from; i < to; i++) {
            join.process(TwoInputs.RIGHT, rows(RIGHT, (long) i * ROWS, key -> 3 * key, memory), results);
            results.measure();
        }
    }

    /** Half of the left keys are right ones. */
    private static void lefts(Join join, BufferAllocator memory, Results results) {
        for (int i = HALF; i < BATCHES + HALF; i++) {
            join.process(TwoInputs.LEFT, rows(LEFT, (long) i * ROWS, key -> -key, memory), results);
        }
    }

    @ParameterizedTest
    @EnumSource(JoinOperator.Kind.class)
    void keysBeyondTheHeapLieInFiles(JoinOperator.Kind kind) {
        try (BufferAllocator memory = new RootAllocator(LIMIT)) {
            Results results = new Results(memory);
            JoinOperator definition = switch (kind) {
                case INNER -> JoinOperator.inner("a", "b");
                case LEFT -> JoinOperator.left("a", "b");
                case RIGHT -> JoinOperator.right("a", "b");
                case FULL -> JoinOperator.full("a", "b");
            };
            try (Join join = opened(definition, memory)) {
                rights(join, 0, BATCHES, memory, results);
                join.ended(TwoInputs.RIGHT, results);
                assertThat(Overflow.mappedBytes()).isGreaterThan(LIMIT);
                lefts(join, memory, results);
                join.finish(results);
            }
            assertThat(results.pairs).isEqualTo(EACH);
            assertThat(results.lefts).isEqualTo(kind.keepsLeft() ? EACH : 0);
            assertThat(results.rights).isEqualTo(kind.keepsRight() ? EACH : 0);
            // A table doubles before it is seen to be too large.
            assertThat(results.mostHeap).isGreaterThan(LIMIT / 4).isLessThan(LIMIT + (LIMIT >> 1));
            assertThat(results.heap.taken()).isZero();
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }

    @Test
    void anotherTaskGoesOnWithThem() {
        try (BufferAllocator memory = new RootAllocator(LIMIT)) {
            Results results = new Results(memory);
            List<Batch> saved;
            try (Join before = opened(JoinOperator.full("a", "b"), memory)) {
                rights(before, 0, BATCHES - 10, memory, results);
                saved = before.tables();
            }
            try (Join after = opened(JoinOperator.full("a", "b"), memory)) {
                for (Batch table : saved) {
                    try (table) {
                        after.load(table);
                    }
                }
                rights(after, BATCHES - 10, BATCHES, memory, results);
                lefts(after, memory, results);
                after.ended(TwoInputs.RIGHT, results);
                after.finish(results);
            }
            assertThat(List.of(results.pairs, results.lefts, results.rights)).containsExactly(EACH, EACH, EACH);
            assertThat(results.heap.taken()).isZero();
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }
}
