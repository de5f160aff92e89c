package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
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
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs that aggregate by key and window. */
@Timeout(90)
class WindowsTest {
    private static final long ROWS = 3_000;
    private static final long KEYS = 37;
    private static final long WINDOW_MILLIS = 250;
    private static final Schema EVENTS = new Schema(List.of(
            field("number", new ArrowType.Int(64, true)),
            field("key", new ArrowType.Int(64, true)),
            field("event_time", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))));

    @TempDir
    Path folder;

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    /** One row each millisecond. */
    private static Row event(Row row) {
        long number = row.getLong("number");
        return row.with("key", number % KEYS).with("event_time", Instant.EPOCH.plus(number, ChronoUnit.MILLIS));
    }

    private static AggregateOperator counting(String... keys) {
        return AggregateOperator.by(keys)
                .window(Windows.tumbling(Duration.ofMillis(WINDOW_MILLIS)))
                .aggregate(Aggregates.count().as("n"), Aggregates.sum("number"));
    }

    private Job job(OperatorDefinition aggregate, int tasks, double rate) {
        return new Job("windows")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in", GeneratorSource.numbers(1, ROWS).splits(4).rowsPerSecond(rate))
                        .parallelism(2))
                .addStage(
                        Stage.of("event", MapOperator.rows(EVENTS, WindowsTest::event))
                                .parallelism(2),
                        "in")
                .addStage(Stage.of("sum", aggregate).parallelism(tasks), "event");
    }

    private Job toFiles(Job job) {
        return job.addStage(
                Stage.of("out", FileSink.json(folder.resolve("rows").toString()))
                        .parallelism(2),
                "sum");
    }

    /** The count and the sum by key and window. */
    private static Map<String, String> expected() {
        Map<String, long[]> sums = new HashMap<>();
        for (long number = 1; number <= ROWS; number++) {
            long start = number / WINDOW_MILLIS * WINDOW_MILLIS;
            long[] sum = sums.computeIfAbsent(number % KEYS + "@" + Instant.ofEpochMilli(start), none -> new long[2]);
            sum[0]++;
            sum[1] += number;
        }
        Map<String, String> texts = new HashMap<>();
        sums.forEach((window, sum) -> texts.put(window, sum[0] + "/" + sum[1]));
        return texts;
    }

    @Test
    void everyKeyAndWindowIsCountedOnce() throws Exception {
        MemorySink out = new MemorySink();
        Job job = job(counting("key"), 3, 0).addStage(Stage.sink("out", out), "sum");
        JobRunner.run(job);
        Map<String, String> found = new HashMap<>();
        for (Row row : out.rows()) {
            String window = row.getLong("key") + "@" + row.get("window_start");
            assertThat(found.put(window, row.getLong("n") + "/" + row.getLong("sum_number")))
                    .as(window)
                    .isNull();
            assertThat(row.get("window_start"))
                    .isInstanceOfSatisfying(
                            Instant.class,
                            start -> assertThat(row.get("window_end")).isEqualTo(start.plusMillis(WINDOW_MILLIS)));
        }
        assertThat(found).isEqualTo(expected());
    }

    @Test
    void theKeysOfTheStageBeforeAreTakenAndAWholeInputHasOneResult() throws Exception {
        MemorySink out = new MemorySink();
        Job job = new Job("whole")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, ROWS)).parallelism(2))
                .addStage(Stage.of("event", MapOperator.rows(EVENTS, WindowsTest::event)), "in")
                .addStage(Stage.of("by", KeyByOperator.columns("key")), "event")
                .addStage(
                        Stage.of("sum", AggregateOperator.by().aggregate(Aggregates.count(), Aggregates.max("number")))
                                .parallelism(2),
                        "by")
                .addStage(Stage.of("all", AggregateOperator.by().aggregate(Aggregates.sum("count"))), "sum")
                .addStage(Stage.sink("out", out), "all");
        JobRunner.run(job);
        assertThat(out.rows()).containsExactly(Row.of("sum_count", ROWS));
        assertThat(job.stage(new io.solstice.common.id.StageId("sum"))
                        .definition()
                        .options())
                .containsEntry("keys", "key");
    }

    /** Stopped while its first windows are open, and gone on with by another number of tasks, twice. */
    @Test
    void openWindowsGoOnWithOtherNumbersOfTasks() throws Exception {
        stopped(toFiles(job(counting("key"), 3, 1_000)), "", 700);
        stopped(toFiles(job(counting("key"), 2, 1_000)), "latest", 400);
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(toFiles(job(counting("key"), 4, 0)), "latest");
            handle.await(Duration.ofSeconds(60));
            assertThat(handle.getMetrics().memoryBytes()).isZero();
        }
        assertThat(found()).isEqualTo(expected());
    }

    private static void stopped(Job job, String restoreFrom, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = restoreFrom.isEmpty() ? engine.submit(job) : engine.submit(job, restoreFrom);
            await().until(() -> handle.getMetrics().stages().stream()
                    .anyMatch(stage -> stage.stageId().equals("event") && stage.outputRecords() >= rows));
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    private Map<String, String> found() throws IOException {
        Pattern line = Pattern.compile("\"key\":\\s*(\\d+),\\s*\"window_start\":\\s*\"([^\"]+)\".*\"n\":\\s*(\\d+),"
                + "\\s*\"sum_number\":\\s*(\\d+)");
        Map<String, String> found = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("rows"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String text : Files.readAllLines(file)) {
                    Matcher match = line.matcher(text);
                    assertThat(match.find()).as(text).isTrue();
                    String window = match.group(1) + "@" + Instant.parse(match.group(2));
                    assertThat(found.put(window, match.group(3) + "/" + match.group(4)))
                            .as(window)
                            .isNull();
                }
            }
        }
        return found;
    }

    /** Cut in every way, restored after each batch, and as tasks whose number changes. */
    @Test
    void theHarnessFindsNoDifference() throws Exception {
        List<Row> rows = LongStream.range(0, 40)
                .mapToObj(n -> event(Row.of("number", n * 31 % 40)))
                .toList();
        for (Windows windows : List.of(
                Windows.tumbling(Duration.ofMillis(8)),
                Windows.sliding(Duration.ofMillis(10), Duration.ofMillis(4)),
                Windows.session(Duration.ofMillis(5)))) {
            List<Row> results = OperatorHarness.of(counting("key").window(windows))
                    .input(EVENTS)
                    .keyedBy("key")
                    .run(rows);
            assertThat(results.stream().mapToLong(row -> row.getLong("n")).sum())
                    .isGreaterThanOrEqualTo(40);
        }
    }

    @Test
    void anotherAggregationDoesNotBeginWithTheState() throws Exception {
        stopped(toFiles(job(counting("key"), 2, 1_000)), "", 300);
        Job other = toFiles(job(counting("key").aggregate(Aggregates.avg("number")), 2, 0));
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(other, "latest");
            assertThatThrownBy(() -> handle.await(Duration.ofSeconds(60)))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNFIT))
                    .hasMessageContaining("aggregates: [count() as n, sum(number) as sum_number] before,"
                            + " [avg(number) as avg_number] now");
        }
    }

    @Test
    void whatCannotWorkIsRefusedBeforeAnythingRuns() {
        refused(counting(), 2, ErrorCode.OPTION_INVALID, "one task only");
        refused(counting("kee"), 1, ErrorCode.COLUMN_UNKNOWN, "did you mean 'key'");
        refused(counting("key").time("key2"), 1, ErrorCode.COLUMN_UNKNOWN, "key2");
        refused(counting("key").aggregate(), 1, ErrorCode.OPTION_MISSING, "nothing is aggregated");
        refused(
                counting("key").aggregate(Aggregates.sum("event_time")),
                1,
                ErrorCode.TYPE_MISMATCH,
                "'event_time' has no sum");
        refused(
                counting("key").aggregate(Aggregates.count().as("key")),
                1,
                ErrorCode.OPTION_INVALID,
                "two columns of the result are called 'key'");
        Job forced = new Job("forced")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 9)))
                .addStage(Stage.of("sum", counting("number")).partitioning(Partitioning.REBALANCE), "in");
        assertThatThrownBy(forced::graph).hasMessageContaining("must be divided by key");
    }

    @Test
    void anInputWithoutEndNeedsAWindow() {
        Job job = new Job("endless")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(GeneratorSource.WITHOUT_END)))
                .addStage(Stage.of("sum", AggregateOperator.by("event_type").aggregate(Aggregates.count())), "in")
                .addStage(Stage.sink("out", new MemorySink()), "sum");
        assertThatThrownBy(() -> JobRunner.run(job))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPTION_MISSING))
                .hasMessageContaining("stage 'sum'");
    }

    @Test
    void windowsOverAnInputWithoutEndNeedWatermarks() {
        AggregateOperator windowed = AggregateOperator.by("event_type")
                .time("timestamp")
                .window(Windows.tumbling(Duration.ofSeconds(1)))
                .aggregate(Aggregates.count());
        Job job = new Job("timeless")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(GeneratorSource.WITHOUT_END)))
                .addStage(Stage.of("sum", windowed), "in")
                .addStage(Stage.sink("out", new MemorySink()), "sum");
        assertThatThrownBy(() -> JobRunner.run(job))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPTION_MISSING))
                .hasMessageContaining("stage 'sum'")
                .hasMessageContaining("Watermarks.of(\"timestamp\")");
    }

    private void refused(OperatorDefinition definition, int tasks, ErrorCode code, String text) {
        assertThatThrownBy(() ->
                        JobRunner.run(job(definition, tasks, 0).addStage(Stage.sink("out", new MemorySink()), "sum")))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(text)
                .hasMessageContaining("stage 'sum'");
    }
}
