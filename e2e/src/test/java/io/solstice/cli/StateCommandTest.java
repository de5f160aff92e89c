package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.common.graph.StateStore;
import io.solstice.testing.MemorySink;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private static final class Counting implements KeyedOperator {
        private @Nullable ValueState<Long> count;

        @Override
        public void declare(States states) {
            count = states.value("count", Long.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            ValueState<Long> known = Objects.requireNonNull(count);
            Long before = known.get();
            known.set(before == null ? 1 : before + 1);
            if (row.getString("user").equals("user_3")) {
                key.setTimer(Instant.EPOCH.plusSeconds(7));
            }
        }
    }

    /** Keeps something that belongs to no key. */
    private static final class Total implements RowOperator {
        private long rows;

        @Override
        public List<Row> process(Row row) {
            rows++;
            return List.of(row);
        }

        @Override
        public Row checkpoint() {
            return Row.of("rows", rows);
        }

        @Override
        public void restore(Row state) {
            rows = state.getLong("rows");
        }
    }

    /** A job that has been stopped, of which the last checkpoint stays. */
    private void stopped() throws Exception {
        stopped(StateStore.AUTO);
    }

    private void stopped(StateStore store) throws Exception {
        Job job = new Job("visits")
                .stateStore(store)
                .stateFolder(folder.resolve("stores").toString())
                .stateBackend(new LocalStateBackend(folder.toString()))
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 100_000).rowsPerSecond(4_000)))
                .addStage(Stage.operator("total", Total::new), "in")
                .addStage(
                        Stage.of(
                                "user",
                                MapOperator.rows(row -> row.with("user", "user_" + row.getLong("number") % 30))),
                        "total")
                .addStage(Stage.of("by", KeyByOperator.columns("user")), "user")
                .addStage(Stage.operator("count", Counting::new).parallelism(2), "by")
                .addStage(Stage.sink("out", new MemorySink()), "count");
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job);
            await().until(() -> handle.getMetrics().stages().stream()
                    .anyMatch(stage -> stage.stageId().equals("count") && stage.inputRecords() >= 500));
            handle.stopWithSavepoint();
            handle.await();
        }
    }

    private ExitCode run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(
                arguments,
                Terminal.plain(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()));
    }

    private String shown(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "state";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--state-path";
        all[all.length - 1] = folder.toString();
        assertThat(run(all)).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String refused(String... arguments) {
        assertThat(run(arguments)).isNotEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theStateOfAJobCanBeReadWithoutIt() throws Exception {
        stopped();
        assertThat(shown("visits"))
                .contains("state in checkpoint_", "count", "total")
                .doesNotContain("MapOperator");
        assertThat(shown("visits", "count", "--limit", "5")).contains("user", "count", "5 of 30 rows; 30 fit");
        assertThat(shown("visits", "count", "--prefix", "user_1"))
                .contains("user_10", "user_19", "11 of 30 rows")
                .doesNotContain("user_2 ");
        assertThat(shown("visits", "count", "--where", "user = user_3"))
                .contains("timers", "1970-01-01T00:00:07Z", "1 of 30 rows");
        assertThat(shown("visits", "count", "--where", "count < 1")).contains("0 of 30 rows");
        assertThat(shown("visits", "total")).contains("rows", "1 of 1 rows");
        assertThat(shown("visits", "count", "-o", "json", "--where", "user = user_3 and count >= 1"))
                .contains("\"user\" : \"user_3\"", "\"timers\" : [ \"1970-01-01T00:00:07Z\" ]");
        assertThat(shown("visits", "-o", "yaml")).contains("stage_id: count", "tasks: 2");
    }

    /** The files of a store are read as the rows that it has. */
    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"ROCKSDB", "DISK"})
    void theStateOfAJobInAStoreCanBeReadWithoutIt(StateStore store) throws Exception {
        stopped(store);
        assertThat(shown("visits")).contains("state in checkpoint_", "count", "total");
        assertThat(shown("visits", "count", "--prefix", "user_1"))
                .contains("user_10", "user_19", "11 of 30 rows")
                .doesNotContain("user_2 ");
        assertThat(shown("visits", "count", "-o", "json", "--where", "user = user_3 and count >= 1"))
                .contains("\"user\" : \"user_3\"", "\"timers\" : [ \"1970-01-01T00:00:07Z\" ]");
    }

    @Test
    void whatIsNotThereIsRefusedByName() throws Exception {
        stopped();
        String path = folder.toString();
        assertThat(refused("state")).contains("solstice state <job>");
        assertThat(refused("state", "visit", "--state-path", path))
                .contains("SOL-2201", "no checkpoint in this state backend");
        assertThat(refused("state", "visits", "counts", "--state-path", path))
                .contains("'counts' has no state", "did you mean 'count'?");
        assertThat(refused("state", "visits", "count", "--checkpoint", "checkpoint_9", "--state-path", path))
                .contains("SOL-2201");
        assertThat(refused("state", "visits", "count", "--where", "counts > 1", "--state-path", path))
                .contains("no column 'counts'", "did you mean 'count'?");
        assertThat(refused("state", "visits", "count", "--live", "--checkpoint", "latest", "--state-path", path))
                .contains("--live takes a checkpoint of its own");
    }
}
