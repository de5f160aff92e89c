package io.solstice.worker.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent, and when; that the results stay the same is for {@link WindowedAggregationOracleTest}. */
class PreAggregationTest {
    private static final AggregateOperator COUNTING = AggregateOperator.by("key")
            .window(Windows.tumbling(Duration.ofSeconds(1)))
            .aggregate(Aggregates.count(), Aggregates.sum("v"));

    private final BufferAllocator memory = new RootAllocator();
    private final ManualClock clock = new ManualClock();
    private final List<Schema> schemas = new ArrayList<>();
    private final List<Row> sent = new ArrayList<>();

    private static final class ManualClock implements Clock {
        private long nanos;

        @Override
        public long wallMillis() {
            return nanos / 1_000_000;
        }

        @Override
        public long monotonicNanos() {
            return nanos;
        }
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private PreAggregation task(AggregateOperator definition) {
        return new PreAggregation(definition, memory, clock, List::of);
    }

    private void onward(Batch batch) {
        try (batch) {
            schemas.add(batch.schema());
            sent.addAll(new RowReader(batch).rows());
        }
    }

    private static Schema schema(ArrowType value) {
        return new Schema(List.of(
                new Field("event_time", FieldType.nullable(new ArrowType.Int(64, true)), null),
                new Field("key", FieldType.nullable(new ArrowType.Int(64, true)), null),
                new Field("v", FieldType.nullable(value), null)));
    }

    private Batch batch(long from, long count, LongFunction<Row> row) {
        return new RowWriter(schema(new ArrowType.Int(64, true)))
                .write(LongStream.range(from, from + count).mapToObj(row).toList(), memory);
    }

    private static Row row(long time, long key, long value) {
        return Row.of("event_time", time, "key", key, "v", value);
    }

    private static Row hot(long number) {
        return row(number, number % 10 == 0 ? number : -1, 1);
    }

    @Test
    void aKeyWithMostOfTheRowsIsSentOnce() {
        PreAggregation task = task(COUNTING);
        task.take(batch(0, 10_000, PreAggregationTest::hot), this::onward);
        assertThat(sent).isEmpty();
        task.flush(this::onward);
        assertThat(sent).hasSize(1_001);
        assertThat(schemas).allMatch(PartialRows::are);
        assertThat(sent.stream().filter(row -> row.getLong("key") == -1))
                .containsExactly(Row.of("key", -1L, "slice.start", 0L, "count", 9_000L, "sum_v", 9_000L));
        task.flush(this::onward);
        assertThat(sent).hasSize(1_001);
    }

    @Test
    void rowsAreHeldForAMoment() {
        PreAggregation task = task(COUNTING);
        assertThat(task.dueNanos()).isEqualTo(Long.MAX_VALUE);
        task.take(batch(0, 10, PreAggregationTest::hot), this::onward);
        clock.nanos += 1_000;
        task.take(batch(0, 10, PreAggregationTest::hot), this::onward);
        assertThat(task.dueNanos()).isEqualTo(PreAggregation.HOLD_NANOS - 1_000);
        clock.nanos += PreAggregation.HOLD_NANOS;
        assertThat(task.dueNanos()).isNegative();
    }

    @Test
    void onlyAWatermarkThatEndsAWindowBringsThemOut() {
        PreAggregation task = task(COUNTING);
        task.take(batch(0, 10, PreAggregationTest::hot), this::onward);
        task.watermark(new Watermark(999_999), this::onward);
        assertThat(sent).isEmpty();
        task.watermark(new Watermark(1_000_000), this::onward);
        assertThat(sent).hasSize(2);
    }

    @Test
    void rowsOfAWindowThatMayBeOverGoAsTheyAre() {
        PreAggregation task = task(COUNTING);
        task.watermark(new Watermark(1_000_000), this::onward);
        task.take(batch(0, 10, n -> row(n % 2 == 0 ? 5 : 1_000_005, 1, n)), this::onward);
        assertThat(sent)
                .isEqualTo(
                        LongStream.of(0, 2, 4, 6, 8).mapToObj(n -> row(5, 1, n)).toList());
        task.idle(this::onward);
        assertThat(sent).hasSize(6);
        task.take(batch(0, 10, n -> row(2_000_000, 1, n)), this::onward);
        assertThat(sent).as("nothing is known of the receiver's time").hasSize(16);
        task.resume(3_000_000);
        task.take(batch(0, 10, n -> row(n % 2 == 0 ? 2_000_000 : 3_000_000, 1, n)), this::onward);
        assertThat(sent).as("those of windows that may be over").hasSize(21);
        task.flush(this::onward);
        assertThat(sent).hasSize(22);
    }

    @Test
    void whereNothingIsSavedRowsGoAsTheyAreAndItIsTriedAgain() {
        PreAggregation task = task(COUNTING);
        long rows = 0;
        while (rows < Gain.TRIAL_ROWS) {
            task.take(batch(rows, 4_096, n -> row(0, n, 1)), this::onward);
            rows += 4_096;
        }
        assertThat(schemas).isNotEmpty().allMatch(PartialRows::are);
        schemas.clear();
        Batch many = batch(0, 1 << 16, n -> row(0, 1, 1));
        int paused = Gain.LEAST_PAUSE_ROWS >> 16;
        for (int i = 0; i < paused; i++) {
            task.take(many.share(), this::onward);
        }
        assertThat(schemas).hasSize(paused).noneMatch(PartialRows::are);
        task.take(many, this::onward);
        assertThat(schemas).hasSize(paused);
        sent.clear();
        task.flush(this::onward);
        assertThat(sent).hasSize(1);
    }

    @Test
    void itIsTriedLessAndLessOftenAsLongAsItFails() {
        Gain gain = new Gain();
        long paused = 0;
        for (long pause = Gain.LEAST_PAUSE_ROWS; pause <= Gain.MOST_PAUSE_ROWS; pause *= 2) {
            gain.condensed(Gain.TRIAL_ROWS, Gain.TRIAL_ROWS);
            assertThat(gain.isTried()).isFalse();
            gain.passed((int) pause - 1);
            assertThat(gain.isTried()).isFalse();
            gain.passed(1);
            assertThat(gain.isTried()).isTrue();
            paused += pause;
        }
        assertThat(paused).isGreaterThan(Gain.MOST_PAUSE_ROWS);
        gain.condensed(Gain.TRIAL_ROWS, Gain.TRIAL_ROWS / 2);
        assertThat(gain.isTried()).isTrue();
        assertThat(gain.isPoor(Gain.TRIAL_ROWS, Gain.TRIAL_ROWS / 2)).isFalse();
        assertThat(gain.isPoor(Gain.TRIAL_ROWS, Gain.TRIAL_ROWS / 2 + 1)).isTrue();
        gain.condensed(Gain.TRIAL_ROWS, Gain.TRIAL_ROWS);
        gain.passed(Gain.LEAST_PAUSE_ROWS);
        assertThat(gain.isTried()).isTrue();
    }

    /** A sum over its limits here may be within them there. */
    @Test
    void sumsThatMightOverflowAreLeftToTheReceiver() throws Exception {
        AggregateOperator definition = AggregateOperator.by("key").aggregate(Aggregates.sum("v"), Aggregates.avg("v"));
        List<List<Row>> batches = List.of(
                List.of(row(0, 1, -10)),
                List.of(row(0, 1, Long.MAX_VALUE), row(0, 1, 5)),
                List.of(row(0, 1, Long.MIN_VALUE), row(0, 1, 5)),
                List.of(row(0, 1, 1L << 61), row(0, 1, 1L << 61)));
        for (long seed = 0; seed < 5; seed++) {
            try (TaskRuns tasks = new TaskRuns(definition, schema(new ArrowType.Int(64, true)), memory, seed)) {
                for (List<Row> rows : batches) {
                    tasks.step(new Case.Rows(rows));
                }
                tasks.step(new Case.End());
                assertThat(tasks.given()).hasSize(1).allMatch(text -> text.contains("sum_v=" + ((1L << 62) - 1)));
            }
        }
    }

    @Test
    void columnsThatDoNotFitAreLeftToTheReceiver() {
        PreAggregation task = task(COUNTING);
        task.take(batch(0, 2, n -> row(0, 1, n)), this::onward);
        Schema other = schema(ArrowType.Utf8.INSTANCE);
        Batch unfit = new RowWriter(other).write(List.of(Row.of("event_time", 0L, "key", 1L, "v", "x")), memory);
        task.take(unfit, this::onward);
        assertThat(schemas).hasSize(2);
        assertThat(PartialRows.are(schemas.get(0))).isTrue();
        assertThat(schemas.get(1)).isEqualTo(other);
    }

    @Test
    void aggregatesWithoutSmallAndExactPartsAreNotAggregatedBefore() {
        assertThat(PreAggregation.suits(COUNTING)).isTrue();
        assertThat(PreAggregation.suits(COUNTING.preAggregate(false))).isFalse();
        assertThat(PreAggregation.suits(COUNTING.window(Windows.session(Duration.ofSeconds(1)))))
                .isFalse();
        Aggregate last = Aggregates.last("v");
        assertThat(PreAggregation.suits(COUNTING.aggregate(last))).isTrue();
        assertThat(PreAggregation.suits(AggregateOperator.by("key").aggregate(last)))
                .isFalse();
        for (Aggregate large : List.of(
                Aggregates.distinct("v"),
                Aggregates.approxDistinct("v"),
                Aggregates.quantile("v", 0.5),
                Aggregates.top(3, "v"),
                Aggregates.latest(3, "v"),
                Aggregates.collect("v"))) {
            assertThat(PreAggregation.suits(COUNTING.aggregate(Aggregates.count(), large)))
                    .as("%s", large)
                    .isFalse();
        }
    }
}
