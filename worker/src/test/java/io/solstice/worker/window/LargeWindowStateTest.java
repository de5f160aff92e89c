package io.solstice.worker.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Incremental;
import io.solstice.worker.overflow.HeapShare;
import io.solstice.worker.overflow.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.Test;

/** State of windows that is larger than the memory for it, and what checkpoints write of it. */
class LargeWindowStateTest {
    private static final int ROWS = 8_192;
    private static final int TEXT = 220;
    private static final long SECOND = 1_000_000;
    private static final Schema SCHEMA = new Schema(List.of(
            field("k", RandomCase.INT64),
            field("event_time", RandomCase.INT64),
            field("text", ArrowType.Utf8.INSTANCE),
            field("number", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    /** One task, which checks its results: each key must come once, with all that was added. */
    private static class LargeTask implements Outbox, AutoCloseable {
        private final BufferAllocator memory;
        private final WindowedAggregation operator;
        private final List<Row> aside = new ArrayList<>();
        private int[] seen = new int[0];
        private int expectedCount;
        private char expectedText;
        private long mostMemory;
        private long mostHeap;
        private long mostMapped;
        private int pieces;

        LargeTask(AggregateOperator definition, BufferAllocator memory) {
            this.memory = memory;
            this.operator = new WindowedAggregation(definition);
            operator.open(new TestContext(0, 1, memory, aside, new ArrayList<>()));
        }

        /** Adds a row for each of some keys. */
        void rows(long fromKey, int count, long time, char text) {
            for (long key = fromKey; key < fromKey + count; key += ROWS) {
                operator.process(batch(key, (int) Math.min(ROWS, fromKey + count - key), time, text), this);
                measure();
            }
        }

        private Batch batch(long key, int rows, long time, char text) {
            BigIntVector keys = new BigIntVector(SCHEMA.getFields().get(0), memory);
            BigIntVector times = new BigIntVector(SCHEMA.getFields().get(1), memory);
            VarCharVector texts = new VarCharVector(SCHEMA.getFields().get(2), memory);
            Float8Vector numbers = new Float8Vector(SCHEMA.getFields().get(3), memory);
            keys.allocateNew(rows);
            times.allocateNew(rows);
            texts.allocateNew((long) rows * TEXT, rows);
            numbers.allocateNew(rows);
            for (int i = 0; i < rows; i++) {
                byte[] bytes = new byte[TEXT];
                Arrays.fill(bytes, (byte) text);
                keys.set(i, key + i);
                times.set(i, time);
                texts.set(i, bytes);
                numbers.set(i, key + i);
            }
            List.of(keys, times, texts, numbers).forEach(vector -> vector.setValueCount(rows));
            return Batch.of(SCHEMA, List.of(keys, times, texts, numbers), rows);
        }

        private void measure() {
            mostMemory = Math.max(mostMemory, memory.getRoot().getAllocatedMemory());
            mostHeap = Math.max(mostHeap, HeapShare.of(memory).taken());
            mostMapped = Math.max(mostMapped, Overflow.mappedBytes());
        }

        void expect(int keys, int count, char text) {
            seen = new int[keys];
            expectedCount = count;
            expectedText = text;
        }

        @Override
        public void emit(Batch batch) {
            measure();
            try (batch) {
                BigIntVector keys = (BigIntVector) batch.column("k");
                BigIntVector counts = (BigIntVector) batch.column("count");
                for (int i = 0; i < batch.rowCount(); i++) {
                    seen[(int) keys.get(i)] += counts.get(i) == expectedCount ? 1 : 1_000;
                }
                if (batch.column(batch.columnCount() - 1) instanceof VarCharVector texts) {
                    byte[] last = texts.get(batch.rowCount() - 1);
                    assertThat(last).hasSize(TEXT);
                    assertThat(last[TEXT - 1]).isEqualTo((byte) expectedText);
                }
            }
        }

        @Override
        public void emitAll(Iterator<Batch> batches) {
            batches.forEachRemaining(this::emit);
        }

        @Override
        public void close() {
            operator.close();
        }
    }

    private static AggregateOperator byKey() {
        return AggregateOperator.by("k");
    }

    @Test
    void aWindowOfTenTimesTheMemoryComesWhole() {
        isLimited(
                byKey().window(Windows.tumbling(Duration.ofSeconds(10))).allowedLateness(Duration.ofSeconds(10)),
                600_000);
    }

    @Test
    void anAggregationOfTheWholeInputMayBeLargerThanTheMemory() {
        isLimited(byKey(), 600_000);
    }

    @Test
    void sessionsOfTenTimesTheMemoryComeWhole() {
        isLimited(
                byKey().window(Windows.session(Duration.ofSeconds(10))).allowedLateness(Duration.ofSeconds(10)),
                400_000);
    }

    private static void isLimited(AggregateOperator byKey, int keys) {
        long limit = 16L << 20;
        try (RootAllocator small = new RootAllocator(limit);
                LargeTask task = new LargeTask(
                        byKey.aggregate(
                                Aggregates.count(), Aggregates.max("text").as("greatest")),
                        small)) {
            task.rows(0, keys, 1, 'a');
            task.rows(0, keys, 2, 'c');
            // What was there before is found again.
            task.rows(0, keys / 100, 3, 'b');
            task.rows(keys / 100, keys - keys / 100, 3, 'b');
            task.expect(keys, 3, 'c');
            task.operator.finish(task);
            assertThat(task.seen).containsOnly(1);
            assertThat(task.mostMapped).as("ten times the limit").isGreaterThan(10 * limit);
            assertThat(task.mostMemory).as("memory for Arrow buffers").isLessThan(limit * 3 / 4);
            assertThat(task.mostHeap).as("heap for tables").isLessThan(limit);
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }

    @Test
    void lateRowsCorrectWhatLiesInFiles() {
        long limit = 16L << 20;
        int keys = 200_000;
        try (RootAllocator small = new RootAllocator(limit);
                LargeTask task = new LargeTask(
                        byKey().window(Windows.sliding(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                                .allowedLateness(Duration.ofSeconds(100))
                                .aggregate(
                                        Aggregates.count(),
                                        Aggregates.max("text").as("greatest")),
                        small)) {
            task.rows(0, keys, 0, 'a');
            task.expect(keys, 1, 'a');
            task.operator.onWatermark(new Watermark(3 * SECOND), task);
            assertThat(task.seen).as("both windows with the slice").containsOnly(2);
            assertThat(task.mostMapped).isGreaterThan(limit);
            task.expect(keys, 2, 'b');
            task.rows(1_000, 50, 1, 'b');
            assertThat(task.seen[1_000]).isEqualTo(2);
            assertThat(task.seen[1_049]).isEqualTo(2);
            assertThat(Arrays.stream(task.seen).sum()).isEqualTo(100);
            assertThat(task.aside).isEmpty();
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }

    /** What is no number in an array is found again as well. */
    @Test
    void aggregatesOfObjectsAreTheSameWithoutMemory() {
        AggregateOperator definition = byKey().aggregate(
                        Aggregates.distinct("text"),
                        Aggregates.top(2, "number"),
                        Aggregates.collect("number"),
                        Aggregates.latest(2, "text").as("newest"),
                        Aggregates.maxBy("number", "text", "number").as("leading"),
                        Aggregates.first("text"),
                        Aggregates.approxDistinct("text"),
                        Aggregates.quantile("number", 0.5));
        List<AggregateOperator> all = List.of(
                definition,
                definition.window(Windows.sliding(Duration.ofSeconds(3), Duration.ofSeconds(1))),
                definition.window(Windows.session(Duration.ofSeconds(2))));
        for (AggregateOperator each : all) {
            assertThat(results(each, 6L << 20)).isEqualTo(results(each, Long.MAX_VALUE));
        }
    }

    private static Map<String, String> results(AggregateOperator definition, long limit) {
        Map<String, String> results = new HashMap<>();
        long before = Overflow.mappedBytes();
        long[] mapped = new long[1];
        try (RootAllocator memory = new RootAllocator(limit);
                LargeTask task = new LargeTask(definition, memory) {
                    @Override
                    public void emit(Batch batch) {
                        mapped[0] = Math.max(mapped[0], Overflow.mappedBytes() - before);
                        try (batch) {
                            for (Row row : new RowReader(batch).rows()) {
                                List<Object> all = new ArrayList<>((List<?>) row.get("collect_number"));
                                all.sort(Comparator.comparing(Object::toString));
                                String key = row.get("k") + " " + (row.has("window_end") ? row.get("window_end") : "");
                                Row sorted = row.with("collect_number", all);
                                assertThat(results.put(key, sorted.toString())).isNull();
                            }
                        }
                    }
                }) {
            for (int second = 0; second < 4; second++) {
                for (char text = 'a'; text < 'd'; text++) {
                    task.rows(0, 4_000, second * SECOND + text, (char) (text + second));
                }
            }
            task.operator.finish(task);
        }
        assertThat(mapped[0] > 0).isEqualTo(limit < Long.MAX_VALUE);
        return results;
    }

    /** Each key has rows in two seconds, of which the first is in a file when the second comes. */
    @Test
    void sessionsBeyondTheMemoryComeAndGo() {
        long limit = 8L << 20;
        int block = 6_000;
        int seconds = 24;
        try (RootAllocator small = new RootAllocator(limit);
                LargeTask task = new LargeTask(
                        byKey().window(Windows.session(Duration.ofSeconds(8)))
                                .aggregate(
                                        Aggregates.count(),
                                        Aggregates.max("text").as("greatest")),
                        small)) {
            task.expect(block * (seconds + 1), 2, 'b');
            task.rows(0, block, 0, 'b');
            for (int second = 0; second < seconds; second++) {
                task.rows((long) block * second, block, second * SECOND, 'a');
                task.rows((long) block * (second + 1), block, second * SECOND, 'b');
                task.operator.onWatermark(new Watermark(second * SECOND), task);
                int over = (second - 9) * block;
                assertThat(Arrays.stream(task.seen, 0, Math.max(0, over))).allMatch(seen -> seen == 1);
                assertThat(Arrays.stream(task.seen, Math.max(0, over + 2 * block), task.seen.length)
                                .sum())
                        .isZero();
            }
            task.rows((long) block * seconds, block, seconds * SECOND, 'a');
            task.operator.finish(task);
            assertThat(task.seen).containsOnly(1);
            assertThat(task.aside).isEmpty();
            assertThat(task.mostMapped).as("more than the limit").isGreaterThan(2 * limit);
            assertThat(task.mostMemory).as("memory for Arrow buffers").isLessThan(limit);
            assertThat(task.mostHeap).as("heap for tables").isLessThan(limit);
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }

    /** A checkpoint from before sessions could lie in files says of each of them what it says now, in more columns. */
    @Test
    void sessionsOfAnOldCheckpointGoOn() {
        AggregateOperator sessions =
                byKey().window(Windows.session(Duration.ofSeconds(5))).aggregate(Aggregates.count());
        try (RootAllocator memory = new RootAllocator();
                LargeTask before = new LargeTask(sessions, memory);
                LargeTask task = new LargeTask(sessions, memory)) {
            before.rows(0, 100, 0, 'a');
            task.operator.restore(before.operator.checkpoint());
            for (Batch table : before.operator.tables()) {
                try (table;
                        Batch old = withColumnsOfBefore(table, memory)) {
                    task.operator.load(old);
                }
            }
            task.rows(0, 100, SECOND, 'a');
            task.expect(100, 2, 'a');
            task.operator.onWatermark(new Watermark(6 * SECOND), task);
            assertThat(task.seen).containsOnly(1);
        }
    }

    private static Batch withColumnsOfBefore(Batch table, BufferAllocator memory) {
        List<FieldVector> columns = new ArrayList<>();
        for (FieldVector column : table.columns()) {
            if (!column.getName().equals("session.marks")) {
                TransferPair same = column.getTransferPair(memory);
                same.splitAndTransfer(0, table.rowCount());
                columns.add((FieldVector) same.getTo());
            }
        }
        for (String name : List.of("session.changed", "session.given", "session.panes")) {
            BigIntVector numbers = new BigIntVector(name, memory);
            numbers.allocateNew(table.rowCount());
            for (int row = 0; row < table.rowCount(); row++) {
                numbers.set(row, name.equals("session.changed") ? 1 : 0);
            }
            numbers.setValueCount(table.rowCount());
            columns.add(3, numbers);
        }
        return Batch.of(columns, table.rowCount());
    }

    @Test
    void theSecondCheckpointOfManySessionsWritesLittle() {
        try (RootAllocator memory = new RootAllocator();
                LargeTask task = new LargeTask(
                        byKey().window(Windows.session(Duration.ofSeconds(60)))
                                .aggregate(
                                        Aggregates.count(),
                                        Aggregates.avg("number").as("mean")),
                        memory)) {
            task.rows(0, 300_000, 0, 'a');
            task.expect(300_000, 2, 'a');
            long first = written(task, 1, 0);
            task.rows(0, 3_000, 1, 'a');
            assertThat(written(task, 2, 1)).as("one key of a hundred").isBetween(1L, first / 50);
            assertThat(written(task, 3, 2)).as("what is small is written again").isLessThan(first / 50);
            assertThat(written(task, 4, 2)).as("on the base of an older cut").isLessThan(first / 50);
            assertThat(written(task, 5, 0)).as("without a base").isGreaterThan(first);
            task.rows(3_000, 297_000, 2, 'a');
            assertThat(written(task, 6, 5)).as("everything has changed").isGreaterThan(first / 2);
            task.operator.onWatermark(new Watermark(62 * SECOND), task);
            assertThat(task.seen).containsOnly(1);
            assertThat(written(task, 7, 6)).as("nothing is left").isZero();
        }
    }

    @Test
    void sessionsBeyondTheHeapAreRefused() {
        AggregateOperator sessions =
                byKey().window(Windows.session(Duration.ofSeconds(1))).aggregate(Aggregates.count());
        try (RootAllocator memory = new RootAllocator();
                LargeTask task = new LargeTask(sessions, memory)) {
            task.rows(0, 100, 1, 'a');
            HeapShare heap = HeapShare.of(memory);
            heap.add(Runtime.getRuntime().maxMemory());
            try (Batch batch = task.batch(0, 10, 2, 'a')) {
                assertThatThrownBy(() -> task.operator.process(batch.share(), task))
                        .isInstanceOf(SolsticeException.class)
                        .hasMessageContaining("need more memory than there is");
            }
            heap.add(-Runtime.getRuntime().maxMemory());
            task.close();
            assertThat(heap.taken()).isZero();
        }
    }

    @Test
    void theSecondCheckpointOfALargeSlidingWindowWritesLittle() {
        try (RootAllocator memory = new RootAllocator();
                LargeTask task = new LargeTask(
                        byKey().window(Windows.sliding(Duration.ofSeconds(60), Duration.ofSeconds(1)))
                                .aggregate(
                                        Aggregates.count(),
                                        Aggregates.avg("number").as("mean")),
                        memory)) {
            for (int second = 0; second < 20; second++) {
                task.rows(0, 100_000, second * SECOND, 'a');
            }
            long first = written(task, 1, 0);
            task.rows(0, 100_000, 19 * SECOND, 'a');
            long second = written(task, 2, 1);
            assertThat(second).as("one slice of twenty").isBetween(first / 25, first / 15);
            assertThat(written(task, 3, 2)).as("without a change").isZero();
            task.rows(0, 1_000, 19 * SECOND, 'a');
            assertThat(written(task, 4, 2))
                    .as("a small change, on the base of an older cut")
                    .isLessThan(first / 500);
            assertThat(written(task, 5, 4)).as("what is small is written again").isLessThan(first / 500);
            assertThat(written(task, 6, 1)).as("a base that is not known").isGreaterThan(first);
        }
    }

    @Test
    void smallSlicesThatRestAreNamed() {
        try (RootAllocator memory = new RootAllocator();
                LargeTask task = new LargeTask(
                        byKey().window(Windows.sliding(Duration.ofSeconds(600), Duration.ofSeconds(1)))
                                .allowedLateness(Duration.ofSeconds(600))
                                .aggregate(Aggregates.count()),
                        memory)) {
            for (int second = 0; second < 400; second++) {
                task.rows(0, 500, second * SECOND, 'a');
            }
            long first = written(task, 1, 0);
            written(task, 2, 1);
            long all = 0;
            for (int epoch = 3; epoch < 100; epoch++) {
                task.rows(0, 500, (epoch + 400) * SECOND, 'a');
                all += written(task, epoch, epoch - 1);
                assertThat(task.pieces).isLessThan(80);
            }
            assertThat(all).as("97 checkpoints").isLessThan(3 * first);
            // A few late rows do not cost the pieces that their slices are in.
            for (int second = 0; second < 400; second += 10) {
                task.rows(0, 5, second * SECOND, 'a');
            }
            assertThat(written(task, 100, 99)).isLessThan(first / 4);
        }
    }

    private static long written(LargeTask task, long epoch, long base) {
        long bytes = 0;
        List<Incremental.Piece> pieces = task.operator.pieces(epoch, base);
        task.pieces = pieces.size();
        for (Incremental.Piece piece : pieces) {
            if (piece instanceof Incremental.Fresh fresh) {
                try (Batch table = fresh.table()) {
                    bytes += table.byteSize();
                }
            }
        }
        return bytes;
    }
}
