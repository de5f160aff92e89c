package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.expr.Expressions;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.MapState;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.common.graph.StateStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    /** Counts by key, and has been changed since in the way that its setting says. */
    public static final class Visits implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            String change = context.config().text("change", "none");
            Path folder = Path.of(context.config().required("folder"));
            String count = change.equals("renamed") ? "counted" : "count";
            Job job = new Job(context)
                    .stateStore(StateStore.of(context.config().text("store", "auto"), "store"))
                    .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                    .addStage(Stage.of("in", GeneratorSource.numbers(1, 100_000).rowsPerSecond(4_000)));
            String before = "in";
            if (change.equals("more")) {
                job.addStage(
                        Stage.of(
                                "positive",
                                FilterOperator.where(Expressions.col("number").gt(0))),
                        before);
                before = "positive";
            }
            job.addStage(Stage.of("by", KeyByOperator.columns("number")), before);
            if (!change.equals("gone")) {
                job.addStage(
                        Stage.operator(count, () -> new Counting(change)).parallelism(change.equals("more") ? 3 : 2),
                        "by");
            }
            String last = change.equals("gone") ? "by" : count;
            return job.addStage(
                    Stage.of("out", FileSink.json(folder.resolve("rows").toString())), last);
        }
    }

    private static final class Counting implements KeyedOperator {
        private final String change;
        private @Nullable ValueState<Long> count;

        Counting(String change) {
            this.change = change;
        }

        @Override
        public void declare(States states) {
            count = states.value(change.equals("lost") ? "counter" : "count", Long.class);
            MapState<String> names = change.equals("more") ? states.map("names", String.class) : null;
            assertThat(names == null).isEqualTo(!change.equals("more"));
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput output) {
            ValueState<Long> known = Objects.requireNonNull(count);
            Long before = known.get();
            known.set(before == null ? 1 : before + 1);
            output.emit(row);
        }
    }

    private Config config() {
        return Config.EMPTY.with("folder", folder.toString());
    }

    /** Runs while the test looks at it. */
    private JobHandle running(Solstice engine, StateStore store) {
        JobContext context = JobContext.of("visits").withConfig(config().with("store", store.word()));
        JobHandle handle = engine.submit(new Visits().createJob(context));
        await().until(() -> handle.getMetrics().stages().stream()
                .anyMatch(stage -> stage.stageId().equals("count") && stage.inputRecords() >= 500));
        handle.triggerCheckpoint();
        return handle;
    }

    private ExitCode plan(String... more) {
        out.reset();
        err.reset();
        List<String> arguments = new ArrayList<>(List.of(
                "plan",
                "--workflow",
                Visits.class.getName(),
                "--job-id",
                "visits",
                "--state-path",
                folder.resolve("state").toString(),
                "--folder",
                folder.toString()));
        arguments.addAll(List.of(more));
        return Main.run(
                arguments.toArray(String[]::new),
                Terminal.plain(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("state"))) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    private String shown(ExitCode expected, String... more) {
        assertThat(plan(more)).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"AUTO", "ROCKSDB"})
    void aChangedJobIsComparedWhileTheOldOneRuns(StateStore store) throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = running(engine, store);
            assertThat(shown(ExitCode.OK))
                    .contains("beginning with checkpoint_", "state 'count' (value of Long) goes on")
                    .contains("The job can begin with it.");
            assertThat(shown(ExitCode.OK, "--change", "more"))
                    .containsPattern("positive +new +1")
                    .containsPattern("count +kept +2 -> 3")
                    .contains("state 'count' (value of Long) goes on; state 'names' (map of String) begins empty");
            assertThat(shown(ExitCode.FAILED, "--change", "lost"))
                    .contains(
                            "The job cannot begin with it:", "SOL-2207", "a state 'count', which the operator does not")
                    .contains("stage 'count'");
            assertThat(shown(ExitCode.FAILED, "--change", "gone"))
                    .containsPattern("count +gone +2 +has state")
                    .contains("SOL-2202", "is gone, but the checkpoint has state");
            assertThat(shown(ExitCode.FAILED, "--change", "renamed")).contains("--restore-map count=counted");
            assertThat(shown(ExitCode.OK, "--change", "renamed", "--restore-map", "count=counted"))
                    .contains("kept, was count");
            assertThat(shown(ExitCode.FAILED, "--change", "gone", "-o", "json"))
                    .contains("\"can_begin\" : false", "\"change\" : \"GONE\"");
            assertThat(handle.getStatus().isRunning()).isTrue();
            handle.cancel();
            handle.await();
        }
    }

    @Test
    void nothingIsWrittenAndWhatIsNotThereIsSaid() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = running(engine, StateStore.AUTO);
            handle.stopWithSavepoint();
            handle.await();
        }
        List<String> before = files();
        shown(ExitCode.OK, "--change", "more");
        assertThat(files()).isEqualTo(before);
        assertThat(plan("--restore-from", "none")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is nothing to plan");
        assertThat(plan("--job-id", "visit")).isNotEqualTo(ExitCode.OK);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("SOL-2201", "job 'visit' has no checkpoint");
    }
}
