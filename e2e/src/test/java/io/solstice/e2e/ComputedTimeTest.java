package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.EventTimeOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.EventTime;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Event time by a column that a stage has computed. */
@Timeout(90)
class ComputedTimeTest {
    private static final long ROWS = 100_000;
    private static final Schema EVENTS = new Schema(List.of(
            field("number", new ArrowType.Int(64, true)),
            field("key", new ArrowType.Int(64, true)),
            field("event_time", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))));

    @TempDir
    Path folder;

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    /** One row each millisecond, half a second out of order. */
    private static Row event(Row row) {
        long number = row.getLong("number");
        return row.with("key", number % 7)
                .with("event_time", Instant.EPOCH.plus(number - number * 31 % 500, ChronoUnit.MILLIS));
    }

    private static AggregateOperator counting(String key) {
        return AggregateOperator.by(key)
                .window(Windows.tumbling(Duration.ofSeconds(1)))
                .aggregate(Aggregates.count().as("n"));
    }

    private Job job(Watermarks rule, MemorySink out, double rate, int tasks) {
        return new Job("computed")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of("in", GeneratorSource.numbers(1, ROWS).rowsPerSecond(rate)))
                .addStage(Stage.of("event", MapOperator.rows(EVENTS, ComputedTimeTest::event)), "in")
                .addStage(Stage.of("timed", EventTimeOperator.by(rule)).parallelism(tasks), "event")
                .addStage(Stage.of("count", counting("key")).parallelism(2), "timed")
                .addStage(Stage.sink("out", out), "count");
    }

    @Test
    void windowsAreCompleteByTheTimeThatAStageComputed() throws Exception {
        MemorySink out = new MemorySink();
        JobMetrics metrics = JobRunner.run(job(Watermarks.of("event_time").delay(Duration.ofMillis(500)), out, 0, 1));
        assertThat(out.rows().stream().mapToLong(row -> row.getLong("n")).sum()).isEqualTo(ROWS);
        assertThat(metrics.stage("count").lateRecords()).isZero();
        for (String stage : List.of("timed", "count")) {
            assertThat(metrics.stage(stage).eventTimes())
                    .as(stage)
                    .extracting(EventTime::watermark)
                    .allMatch(time -> time != null && time.isAfter(Instant.EPOCH.plusSeconds(90)));
        }
    }

    @Test
    void rowsOlderThanTheDelayAreLate() throws Exception {
        MemorySink out = new MemorySink();
        JobMetrics metrics = JobRunner.run(job(Watermarks.of("event_time").delay(Duration.ZERO), out, 0, 1));
        assertThat(metrics.stage("count").lateRecords()).isPositive();
    }

    /** Stopped, and gone on with by another number of tasks: no row is late that was not, and none is counted twice. */
    @Test
    void timeGoesOnAfterARestore() throws Exception {
        MemorySink out = new MemorySink();
        Watermarks rule = Watermarks.of("event_time").delay(Duration.ofSeconds(10));
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(rule, out, 30_000, 1));
            await().until(() -> handle.getMetrics().stage("timed").outputRecords() >= 30_000);
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
        assertThat(out.rows()).isNotEmpty();
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(rule, out, 0, 3), "latest");
            handle.await(Duration.ofSeconds(60));
            assertThat(handle.getMetrics().stage("count").lateRecords()).isZero();
        }
        assertThat(out.rows().stream().mapToLong(row -> row.getLong("n")).sum()).isEqualTo(ROWS);
        assertThat(out.rows())
                .extracting(row -> row.get("key") + "@" + row.get("window_start"))
                .doesNotHaveDuplicates();
    }

    /** One of the tasks that say the time never gets a row. */
    @Test
    void anEndlessInputHasResultsAlthoughATaskIsIdle() throws Exception {
        MemorySink out = new MemorySink();
        Watermarks rule = Watermarks.of("event_time").idleTimeout(Duration.ofMillis(200));
        Job job = new Job("endless")
                .checkpointIntervalSecs(0.3)
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                        "in",
                        GeneratorSource.mockEvents(GeneratorSource.WITHOUT_END).rowsPerSecond(50_000)))
                .addStage(
                        Stage.of("one", FilterOperator.rows(row -> "partition_1".equals(row.get("partition_key")))),
                        "in")
                .addStage(Stage.of("by", KeyByOperator.columns("partition_key")), "one")
                .addStage(Stage.of("timed", EventTimeOperator.by(rule)).parallelism(2), "by")
                .addStage(Stage.of("count", counting("partition_key")).parallelism(2), "timed")
                .addStage(Stage.sink("out", out), "count");
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job);
            await().atMost(Duration.ofSeconds(30)).until(() -> !out.rows().isEmpty());
            assertThat(handle.getMetrics().stage("timed").eventTimes()).anyMatch(EventTime::idle);
            handle.cancel();
            assertThat(handle.await().state()).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void aColumnThatTellsNoTimeIsRefusedBeforeAnythingRuns() {
        MemorySink out = new MemorySink();
        assertThatThrownBy(() -> JobRunner.run(job(Watermarks.of("event_tim"), out, 0, 1)))
                .hasMessageContaining("did you mean 'event_time'")
                .hasMessageContaining("stage 'timed'");
    }
}
