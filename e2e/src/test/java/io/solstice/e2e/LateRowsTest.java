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
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are late for their windows, as a stream of their own. */
@Timeout(90)
class LateRowsTest {
    /** Mock events are a millisecond apart, and up to a second out of order. */
    private static final int EVENTS = 50_000;

    @TempDir
    Path folder;

    private static AggregateOperator counting() {
        return AggregateOperator.by("partition_key")
                .window(Windows.tumbling(Duration.ofMillis(200)))
                .aggregate(Aggregates.count().as("n"));
    }

    private Job job(int splits, double rate) {
        return new Job("late")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in",
                                GeneratorSource.mockEvents(EVENTS)
                                        .splits(splits)
                                        .rowsPerSecond(rate))
                        .parallelism(2)
                        .watermarks(Watermarks.of("event_time")
                                .delay(Duration.ofMillis(100))
                                .splitsInOrder(true)))
                .addStage(Stage.of("count", counting()).parallelism(3), "in")
                .addStage(Stage.of("late", LateRows.create()).parallelism(2), "count");
    }

    @Test
    void eachRowIsCountedOrLate() throws Exception {
        MemorySink results = new MemorySink();
        MemorySink late = new MemorySink();
        Job job = job(2, 0)
                .addStage(Stage.sink("results", results), "count")
                .addStage(Stage.sink("late_out", late), "late");
        JobRunner.run(job);
        long counted =
                results.rows().stream().mapToLong(row -> row.getLong("n")).sum();
        assertThat(late.rows()).as("late rows").isNotEmpty();
        assertThat(counted + late.rows().size()).isEqualTo(EVENTS);
        assertThat(late.rows().get(0).names()).contains("event_time", "partition_key", "offset");
        StageMetrics count = job.getMetrics().stage("count");
        assertThat(count.lateRecords()).isEqualTo(late.rows().size());
        assertThat(count.skippedRecords()).isZero();
        assertThat(count.outputRecords()).isEqualTo(results.rows().size());
    }

    @Test
    void withoutAStageForThemLateRowsAreSkippedAndCounted() throws Exception {
        MemorySink results = new MemorySink();
        Job job = new Job("late_aside")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(EVENTS))
                        .watermarks(Watermarks.of("event_time").delay(Duration.ofMillis(100))))
                .addStage(Stage.of("count", counting()), "in")
                .addStage(Stage.sink("results", results), "count");
        JobRunner.run(job);
        long counted =
                results.rows().stream().mapToLong(row -> row.getLong("n")).sum();
        StageMetrics count = job.getMetrics().stage("count");
        assertThat(count.lateRecords()).isPositive().isEqualTo(EVENTS - counted);
        assertThat(count.skippedRecords()).isEqualTo(count.lateRecords());
    }

    /** Stopped with late rows given out, and gone on with: none is given twice, and none is lost. */
    @Test
    void lateRowsAreGivenOnceOverARestore() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(toFiles(job(2, 20_000)));
            await().until(() -> handle.getMetrics().stage("late").outputRecords() >= 100);
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
        int before = lines("late_rows").size();
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(toFiles(job(2, 0)), "latest");
            handle.await(Duration.ofSeconds(60));
            assertThat(handle.getMetrics().memoryBytes()).isZero();
        }
        Pattern number = Pattern.compile("\"offset\":\\s*(\\d+)");
        List<String> late = new ArrayList<>();
        for (String line : lines("late_rows")) {
            Matcher match = number.matcher(line);
            assertThat(match.find()).as(line).isTrue();
            late.add(match.group(1));
        }
        assertThat(before).isPositive().isLessThan(late.size());
        assertThat(late).doesNotHaveDuplicates();
        Pattern counted = Pattern.compile("\"n\":\\s*(\\d+)");
        long sum = 0;
        for (String line : lines("results")) {
            Matcher match = counted.matcher(line);
            assertThat(match.find()).as(line).isTrue();
            sum += Long.parseLong(match.group(1));
        }
        assertThat(sum + late.size()).isEqualTo(EVENTS);
        assertThat(new HashSet<>(late)).hasSize(late.size());
    }

    private Job toFiles(Job job) {
        return job.addStage(
                        Stage.of(
                                        "results",
                                        FileSink.json(folder.resolve("results").toString()))
                                .parallelism(2),
                        "count")
                .addStage(
                        Stage.of(
                                        "late_out",
                                        FileSink.json(
                                                folder.resolve("late_rows").toString()))
                                .parallelism(2),
                        "late");
    }

    private List<String> lines(String name) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Test
    void lateRowsAreTakenOnlyWhereThereAreAny() {
        refused(
                job(2, 0).addStage(Stage.sink("late_out", new MemorySink()), "late"),
                ErrorCode.GRAPH_DANGLING,
                "the results of stage 'count' go nowhere");
        Job filtered = new Job("filtered")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(9)))
                .addStage(Stage.of("all", FilterOperator.rows(row -> true)), "in")
                .addStage(Stage.of("late", LateRows.create()), "all");
        refused(filtered, ErrorCode.STAGE_ROLE, "'all' knows of none");
        Job whole = new Job("whole")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(9)))
                .addStage(Stage.of("sum", AggregateOperator.by("partition_key").aggregate(Aggregates.count())), "in")
                .addStage(Stage.of("late", LateRows.create()), "sum");
        refused(whole, ErrorCode.STAGE_ROLE, "AggregateOperator without a window");
    }

    private static void refused(Job job, ErrorCode code, String text) {
        assertThatThrownBy(job::graph)
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    /** What is late is known by the columns of the input: a stage behind may go on with them. */
    @Test
    void theColumnsOfLateRowsAreThoseOfTheInput() {
        MemorySink late = new MemorySink();
        Job job = job(2, 0)
                .addStage(Stage.sink("results", new MemorySink()), "count")
                .addStage(Stage.of("again", counting().time("event_tim")), "late")
                .addStage(Stage.sink("late_out", late), "again");
        assertThatThrownBy(() -> JobRunner.run(job)).hasMessageContaining("did you mean 'event_time'");
        assertThat(late.rows()).isEqualTo(List.<Row>of());
    }
}
