package io.solstice.worker.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Incremental;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.overflow.Overflow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JoinTest {
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final Schema LEFT = new Schema(
            List.of(Field.nullable("k", INT64), Field.nullable("event_time", INT64), Field.nullable("l", INT64)));
    private static final Schema RIGHT = new Schema(
            List.of(Field.nullable("k", INT64), Field.nullable("event_time", INT64), Field.nullable("r", INT64)));

    private final BufferAllocator memory = new RootAllocator();
    private final List<Row> aside = new ArrayList<>();
    private final List<Throwable> reasons = new ArrayList<>();
    private final ArrayDeque<Iterator<Batch>> pending = new ArrayDeque<>();

    private final Outbox out = new Outbox() {
        @Override
        public void emit(Batch batch) {
            throw new AssertionError("results come as they are taken");
        }

        @Override
        public void emitAll(Iterator<Batch> batches) {
            pending.add(batches);
        }
    };

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    private Join join(JoinOperator definition) {
        Join join = new Join(definition.on("k"), Clock.SYSTEM);
        join.bind(LEFT, RIGHT);
        join.open(new TaskOfTest(0, 1, memory, aside, reasons));
        return join;
    }

    private Batch rows(Schema schema, Row... rows) {
        return new RowWriter(schema).write(List.of(rows), memory);
    }

    private static Row left(long key, long time) {
        return Row.of("k", key, "event_time", time, "l", 1L);
    }

    private static Row right(long key, long time) {
        return Row.of("k", key, "event_time", time, "r", 2L);
    }

    private List<Row> drained() {
        List<Row> all = new ArrayList<>();
        while (!pending.isEmpty()) {
            pending.remove().forEachRemaining(batch -> {
                try (batch) {
                    all.addAll(new RowReader(batch).rows());
                }
            });
        }
        return all;
    }

    @Test
    void anEnormousResultComesPieceByPiece() {
        JoinOperator definition = JoinOperator.inner("a", "b");
        try (Join join = join(definition)) {
            Row[] many = LongStream.range(0, 3_000).mapToObj(n -> right(7, n)).toArray(Row[]::new);
            join.process(TwoInputs.RIGHT, rows(RIGHT, many), out);
            join.ended(TwoInputs.RIGHT, out);
            long before = memory.getAllocatedMemory();
            Row[] few = LongStream.range(0, 300).mapToObj(n -> left(7, n)).toArray(Row[]::new);
            join.process(TwoInputs.LEFT, rows(LEFT, few), out);
            long[] seen = new long[2];
            pending.remove().forEachRemaining(batch -> {
                try (batch) {
                    assertThat(batch.rowCount()).isLessThanOrEqualTo(JoinedRows.ROWS);
                    seen[0] += batch.rowCount();
                    seen[1] = Math.max(seen[1], memory.getAllocatedMemory() - before);
                }
            });
            assertThat(seen[0]).isEqualTo(900_000);
            assertThat(seen[1]).isLessThan(2L << 20);
        }
    }

    /** Both sides are several times as large as the memory, and so is what the checkpoint copies. */
    @Test
    void aCutWritesWhatHasComeAndLittleElse() {
        for (JoinOperator definition : List.of(
                JoinOperator.inner("a", "b"),
                JoinOperator.inner("a", "b").keepFor(Duration.ofHours(1)),
                JoinOperator.inner("a", "b").between(Duration.ZERO, Duration.ofHours(1)),
                JoinOperator.full("a", "b").window(Windows.tumbling(Duration.ofHours(1))))) {
            try (Join join = join(definition)) {
                for (int i = 0; i < 20; i++) {
                    come(join, definition, 1_000);
                }
                assertThat(written(join.pieces(1, 0)))
                        .as("%s", definition.scope())
                        .isGreaterThanOrEqualTo(20_000);
                come(join, definition, 100);
                assertThat(written(join.pieces(2, 1)))
                        .as("%s", definition.scope())
                        .isBetween(100L, 400L);
                come(join, definition, 100);
                assertThat(written(join.pieces(3, 1)))
                        .as("the second was given up")
                        .isBetween(200L, 800L);
                assertThat(written(join.pieces(4, 3))).as("nothing has come").isZero();
            }
        }
    }

    private void come(Join join, JoinOperator definition, int count) {
        Row[] lefts = new Row[count];
        Row[] rights = new Row[count];
        for (int i = 0; i < count; i++) {
            lefts[i] = left(i, i);
            rights[i] = Row.of("k", -1L - i, "event_time", (long) i, "r", 1L);
        }
        if (!(definition.scope() instanceof JoinOperator.Whole)) {
            // There left rows wait elsewhere, mostly.
            join.process(TwoInputs.LEFT, rows(LEFT, lefts), out);
        }
        join.process(TwoInputs.RIGHT, rows(RIGHT, rights), out);
        for (Iterator<Batch> batches : pending) {
            assertThat(batches).isExhausted();
        }
        pending.clear();
    }

    /** Rows of the pieces that are not stored. */
    private static long written(List<Incremental.Piece> pieces) {
        long rows = 0;
        for (Incremental.Piece piece : pieces) {
            if (piece instanceof Incremental.Fresh fresh) {
                rows += fresh.table().rowCount();
                fresh.table().close();
            }
        }
        return rows;
    }

    @Test
    void whatDoesNotFitIntoMemoryLiesInFiles() throws Exception {
        inFiles(JoinOperator.full("a", "b"));
        inFiles(JoinOperator.full("a", "b").keepFor(Duration.ofHours(1)));
        inFiles(JoinOperator.full("a", "b").between(Duration.ZERO, Duration.ofHours(1)));
        inFiles(JoinOperator.full("a", "b").window(Windows.tumbling(Duration.ofHours(1))));
    }

    private void inFiles(JoinOperator definition) throws Exception {
        Schema wide = new Schema(List.of(
                Field.nullable("k", INT64),
                Field.nullable("event_time", INT64),
                Field.nullable("text", ArrowType.Utf8.INSTANCE)));
        long limit = 24L << 20;
        long rows = 60_000;
        long[] seen = new long[2];
        try (BufferAllocator small = new RootAllocator(limit)) {
            Join before = wide(definition, wide, small);
            for (int input = 0; input < 2; input++) {
                for (long from = 0; from < rows; from += 1_000) {
                    before.process(input, wideRows(wide, input, from, small), out);
                    count(seen);
                }
            }
            assertThat(small.getAllocatedMemory()).isLessThan(limit * 3 / 4);
            assertThat(Overflow.mappedBytes()).isGreaterThan(2 * limit);
            List<Batch> tables = before.tables();
            before.close();
            Join after = wide(definition, wide, small);
            for (Batch table : tables) {
                try (table) {
                    after.load(table);
                }
            }
            after.ended(TwoInputs.RIGHT, out);
            after.finish(out);
            count(seen);
            assertThat(seen).containsExactly(rows / 2 + rows, rows / 2);
            after.close();
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }

    /** Adds the rows that are pending, and the pairs among them. */
    private void count(long[] seen) {
        while (!pending.isEmpty()) {
            pending.remove().forEachRemaining(batch -> {
                try (batch) {
                    seen[0] += batch.rowCount();
                    for (Row row : new RowReader(batch).rows()) {
                        boolean pair = row.get("text") != null && row.get("right_text") != null;
                        seen[1] += pair ? 1 : 0;
                        assertThat(row.getLong("k") % 2 == 0).isEqualTo(pair);
                    }
                }
            });
        }
    }

    private Join wide(JoinOperator definition, Schema wide, BufferAllocator small) {
        Join join = new Join(definition.on("k"), Clock.SYSTEM);
        join.bind(wide, wide);
        join.open(new TaskOfTest(0, 1, small, aside, reasons));
        return join;
    }

    /** Even keys are on both sides, odd ones on one. */
    private static Batch wideRows(Schema wide, int input, long from, BufferAllocator small) {
        return new RowWriter(wide)
                .write(
                        LongStream.range(from, from + 1_000)
                                .mapToObj(n -> Row.of(
                                        "k",
                                        n % 2 == 0 ? n : 1_000_001 + 2 * (2 * n + input),
                                        "event_time",
                                        n,
                                        "text",
                                        "x".repeat(1_000)))
                                .toList(),
                        small);
    }

    @Test
    void whatIsOnItsWayIsClosedWithTheTask() throws Exception {
        for (JoinOperator definition : List.of(
                JoinOperator.full("a", "b"),
                JoinOperator.full("a", "b").window(Windows.tumbling(Duration.ofNanos(100_000))))) {
            Join join = join(definition);
            for (int i = 0; i < 3; i++) {
                join.process(TwoInputs.LEFT, rows(LEFT, left(7, 1), left(8, 2)), out);
                join.process(TwoInputs.RIGHT, rows(RIGHT, right(7, 3), right(9, 3)), out);
            }
            join.finish(out);
            Iterator<Batch> first = pending.element();
            assertThat(first.hasNext()).isTrue();
            first.next().close();
            for (Iterator<Batch> batches : pending) {
                if (batches instanceof AutoCloseable open) {
                    open.close();
                }
            }
            pending.clear();
            join.close();
            assertThat(memory.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void lateRowsAndThoseWithoutATimeAreSetAsideWithTheReason() {
        try (Join join = join(JoinOperator.inner("a", "b").between(Duration.ZERO, Duration.ofNanos(5_000)))) {
            join.onWatermark(new Watermark(100), out);
            Row timeless = Row.of("k", 1L, "event_time", null, "l", 1L);
            join.process(TwoInputs.LEFT, rows(LEFT, left(1, 99), timeless, left(1, 100)), out);
            join.process(TwoInputs.RIGHT, rows(RIGHT, right(1, 104)), out);
            assertThat(drained()).hasSize(1);
            assertThat(aside).containsExactly(left(1, 99), timeless);
            assertThat(reasons)
                    .extracting(why -> ((SolsticeException) why).code())
                    .containsExactly(ErrorCode.ROW_LATE, ErrorCode.NULL_VALUE);
            assertThat(reasons.get(0)).hasMessageContaining("1970-01-01T00:00:00.000100Z");
        }
    }

    @Test
    void theWatermarkGoesOnLessWhatResultsMayBeOlder() {
        Duration two = Duration.ofNanos(2_000);
        Duration nine = Duration.ofNanos(9_000);
        assertThat(delay(JoinOperator.inner("a", "b").between(two.negated(), nine)))
                .isEqualTo(9);
        assertThat(delay(JoinOperator.inner("a", "b").between(nine.negated(), two)))
                .isEqualTo(9);
        assertThat(delay(JoinOperator.inner("a", "b").between(Duration.ZERO, Duration.ZERO)))
                .isZero();
        assertThat(delay(JoinOperator.inner("a", "b").window(Windows.tumbling(nine))))
                .isEqualTo(9);
        assertThat(delay(JoinOperator.inner("a", "b").keepFor(nine))).isZero();
        assertThat(delay(JoinOperator.full("a", "b"))).isEqualTo(Long.MAX_VALUE);
        try (Join join = join(JoinOperator.left("a", "b"))) {
            assertThat(join.delayMicros()).isEqualTo(Long.MAX_VALUE);
            join.ended(TwoInputs.RIGHT, out);
            assertThat(join.delayMicros()).isZero();
        }
    }

    private long delay(JoinOperator definition) {
        try (Join join = join(definition)) {
            return join.delayMicros();
        }
    }

    @Test
    void anotherJoinDoesNotBeginWithTheState() {
        Row state;
        try (Join join = join(JoinOperator.inner("a", "b"))) {
            state = join.checkpoint();
        }
        try (Join join = join(JoinOperator.left("a", "b"))) {
            assertThatThrownBy(() -> join.restore(state))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNFIT))
                    .hasMessageContaining("kind=inner")
                    .hasMessageContaining("kind=left");
        }
    }

    @Test
    void aColumnThatChangesItsTypeIsAnError() {
        Schema changed = new Schema(List.of(
                Field.nullable("k", INT64),
                Field.nullable("event_time", INT64),
                Field.nullable("l", new ArrowType.Utf8())));
        try (Join join = join(JoinOperator.inner("a", "b"))) {
            assertThatThrownBy(() -> join.process(
                            TwoInputs.LEFT, rows(changed, Row.of("k", 1L, "event_time", 1L, "l", "text")), out))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_CHANGED));
        }
    }
}
