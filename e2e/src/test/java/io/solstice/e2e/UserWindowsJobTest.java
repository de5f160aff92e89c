package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StageMetrics;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.api.operator.WindowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.TimeWindow;
import io.solstice.api.window.WindowAssigner;
import io.solstice.api.window.WindowFunction;
import io.solstice.api.window.WindowTrigger;
import io.solstice.api.window.Windows;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import io.solstice.testing.OperatorHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs with functions, assigners and triggers of their own. */
@Timeout(90)
class UserWindowsJobTest {
    /** Mock events are a millisecond apart, and up to a second out of order. */
    private static final int EVENTS = 20_000;

    /** Sensor readings by the second, everything else by five. */
    private static final WindowAssigner BY_TYPE = (row, time) -> {
        long length = "sensor_reading".equals(row.get("event_type")) ? 1 : 5;
        Instant start = Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), length) * length);
        return List.of(new TimeWindow(start, start.plusSeconds(length)));
    };

    private static final Schema RESULT = new Schema(List.of(
            new Field("partition_key", FieldType.nullable(ArrowType.Utf8.INSTANCE), null),
            new Field("n", FieldType.nullable(new ArrowType.Int(64, true)), null),
            new Field("sum", FieldType.nullable(new ArrowType.Int(64, true)), null)));

    private static final WindowFunction SUM = (pane, rows, out) -> out.accept(pane.key()
            .with("n", (long) rows.size())
            .with("sum", rows.stream().mapToLong(row -> row.getLong("offset")).sum()));

    @TempDir
    Path folder;

    private Job job(WindowOperator windows, int tasks, double rate, Duration delay) {
        return new Job("user_windows")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in",
                                GeneratorSource.mockEvents(EVENTS).splits(2).rowsPerSecond(rate))
                        .parallelism(2)
                        .watermarks(Watermarks.of("event_time").delay(delay).splitsInOrder(true)))
                .addStage(Stage.of("windows", windows).parallelism(tasks), "in");
    }

    @Test
    void eachRowIsGivenOutOnceOrLate() throws Exception {
        MemorySink results = new MemorySink();
        MemorySink late = new MemorySink();
        WindowOperator windows = WindowOperator.by("partition_key")
                .window(BY_TYPE)
                .trigger(WindowTrigger.everyRows(100).purging())
                .apply(RESULT, SUM);
        Job job = job(windows, 3, 0, Duration.ZERO)
                .addStage(Stage.sink("results", results), "windows")
                .addStage(Stage.of("late", LateRows.create()), "windows")
                .addStage(Stage.sink("late_out", late), "late");
        JobRunner.run(job);
        long given = results.rows().stream().mapToLong(row -> row.getLong("n")).sum();
        long sum = results.rows().stream().mapToLong(row -> row.getLong("sum")).sum()
                + late.rows().stream().mapToLong(row -> row.getLong("offset")).sum();
        assertThat(late.rows()).isNotEmpty();
        assertThat(given + late.rows().size()).isEqualTo(EVENTS);
        assertThat(sum).isEqualTo((long) EVENTS * (EVENTS - 1) / 2);
        StageMetrics stage = job.getMetrics().stage("windows");
        assertThat(stage.lateRecords()).isEqualTo(late.rows().size());
        assertThat(stage.skippedRecords()).isZero();
    }

    /** Stopped while windows are open, and gone on with by another number of tasks, twice. */
    @Test
    void openWindowsGoOnWithOtherNumbersOfTasks() throws Exception {
        Duration delay = Duration.ofSeconds(2);
        WindowOperator windows = WindowOperator.by()
                .window(BY_TYPE)
                .allowedLateness(Duration.ofSeconds(1))
                .apply(RESULT, SUM);
        stopped(keyed(windows, 3, 4_000, delay), "", 2_500);
        stopped(keyed(windows, 2, 4_000, delay), "latest", 1_500);
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(keyed(windows, 4, 0, delay), "latest");
            handle.await(Duration.ofSeconds(60));
            assertThat(handle.getMetrics().memoryBytes()).isZero();
        }
        long given = 0;
        long sum = 0;
        Pattern pattern = Pattern.compile("\"n\":\\s*(\\d+),\\s*\"sum\":\\s*(\\d+)");
        for (String line : lines()) {
            Matcher match = pattern.matcher(line);
            assertThat(match.find()).as(line).isTrue();
            given += Long.parseLong(match.group(1));
            sum += Long.parseLong(match.group(2));
        }
        assertThat(given).isEqualTo(EVENTS);
        assertThat(sum).isEqualTo((long) EVENTS * (EVENTS - 1) / 2);
    }

    private Job keyed(WindowOperator windows, int tasks, double rate, Duration delay) {
        return new Job("user_windows")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in",
                                GeneratorSource.mockEvents(EVENTS).splits(2).rowsPerSecond(rate))
                        .parallelism(2)
                        .watermarks(Watermarks.of("event_time").delay(delay).splitsInOrder(true)))
                .addStage(Stage.of("by", KeyByOperator.columns("partition_key")).parallelism(2), "in")
                .addStage(Stage.of("windows", windows).parallelism(tasks), "by")
                .addStage(
                        Stage.of("out", FileSink.json(folder.resolve("rows").toString()))
                                .parallelism(2),
                        "windows");
    }

    private static void stopped(Job job, String restoreFrom, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = restoreFrom.isEmpty() ? engine.submit(job) : engine.submit(job, restoreFrom);
            await().until(() -> handle.getMetrics().stage("windows").inputRecords() >= rows);
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("rows"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    /** Cut in every way, restored after each batch, and as tasks whose number changes. */
    @Test
    void theHarnessFindsNoDifference() throws Exception {
        List<Row> rows = LongStream.range(0, 40)
                .mapToObj(n -> Row.of(
                        "event_time", Instant.ofEpochMilli(n * 31 % 40), "key", n % 5, "text", n % 3 == 0 ? null : "t"))
                .toList();
        WindowFunction texts = (pane, all, out) -> out.accept(pane.key()
                .with("start", pane.window().start())
                .with(
                        "texts",
                        all.stream()
                                .map(row -> String.valueOf(row.get("text")))
                                .sorted()
                                .toList()));
        for (Windows windows : List.of(
                Windows.tumbling(Duration.ofMillis(8)),
                Windows.sliding(Duration.ofMillis(10), Duration.ofMillis(4)),
                Windows.session(Duration.ofMillis(5)))) {
            List<Row> results = OperatorHarness.of(
                            WindowOperator.by("key").window(windows).apply(texts))
                    .keyedBy("key")
                    .run(rows);
            assertThat(results.stream()
                            .mapToLong(row -> Objects.requireNonNull((List<?>) row.get("texts"))
                                    .size())
                            .sum())
                    .isGreaterThanOrEqualTo(40);
        }
    }

    @Test
    void whatCannotWorkIsRefusedBeforeAnythingRuns() {
        WindowOperator windows =
                WindowOperator.by("partition_key").window(BY_TYPE).apply(SUM);
        assertThatThrownBy(() -> JobRunner.run(toNowhere(windows.time("event_tim"))))
                .hasMessageContaining("did you mean 'event_time'")
                .hasMessageContaining("stage 'windows'");
        assertThatThrownBy(() -> JobRunner.run(toNowhere(
                        WindowOperator.by("partition_ke").window(BY_TYPE).apply(SUM))))
                .hasMessageContaining("did you mean 'partition_key'");
        assertThatThrownBy(() -> toNowhere(WindowOperator.by().window(BY_TYPE).apply(SUM))
                        .graph())
                .hasMessageContaining("has windows of no key");
        Job forced = new Job("forced")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(9)))
                .addStage(Stage.of("windows", windows).partitioning(Partitioning.REBALANCE), "in")
                .addStage(Stage.sink("out", new MemorySink()), "windows");
        assertThatThrownBy(forced::graph).hasMessageContaining("must be divided by key");
        Job timeless = new Job("timeless")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(GeneratorSource.WITHOUT_END)))
                .addStage(Stage.of("windows", windows), "in")
                .addStage(Stage.sink("out", new MemorySink()), "windows");
        assertThatThrownBy(() -> JobRunner.run(timeless)).hasMessageContaining("Watermarks.of(\"event_time\")");
    }

    private Job toNowhere(WindowOperator windows) {
        return job(windows, 1, 0, Duration.ZERO).addStage(Stage.sink("out", new MemorySink()), "windows");
    }
}
