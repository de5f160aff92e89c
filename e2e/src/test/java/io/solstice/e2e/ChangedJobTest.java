package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with state whose next version has other names and other numbers of tasks. */
@Timeout(60)
class ChangedJobTest {
    private static final long ROWS = 3_000;

    /** Numbers the rows that it has seen, over all runs. */
    private static final class Counting implements RowOperator {
        private long count;

        @Override
        public List<Row> process(Row row) {
            count++;
            return List.of(Row.of("number", row.getLong("number"), "count", count));
        }

        @Override
        public Row checkpoint() {
            return Row.of("count", count);
        }

        @Override
        public void restore(Row state) {
            count = state.getLong("count");
        }
    }

    @TempDir
    Path folder;

    private Job job(String source, String operator, String sink, int sources, int counters) {
        return new Job("counting")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                source,
                                GeneratorSource.numbers(1, ROWS).splits(4).rowsPerSecond(1_000))
                        .parallelism(sources))
                .addStage(Stage.of(operator, new CustomOperator(Counting::new)).parallelism(counters), source)
                .addStage(
                        Stage.of(sink, FileSink.json(folder.resolve("out").toString()))
                                .parallelism(2),
                        operator);
    }

    /** Runs a while, and ends with a checkpoint. */
    private String stopped() throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job("in", "count", "out", 2, 1));
            await().until(() -> handle.getMetrics().stages().get(0).inputRecords() >= 300);
            String savepoint = handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            return savepoint;
        }
    }

    @Test
    void allStagesMayHaveOtherNamesAndThoseWithoutStateOtherTasks() throws Exception {
        String savepoint = stopped();
        RestoreFrom renamed = RestoreFrom.of(savepoint)
                .renamed("in", "numbers")
                .renamed("count", "total")
                .renamed("out", "files");
        try (Solstice engine = Solstice.embedded()) {
            engine.submit(job("numbers", "total", "files", 3, 1), renamed).await();
        }
        List<Long> all = LongStream.rangeClosed(1, ROWS).boxed().toList();
        assertThat(NumberedRows.in(folder.resolve("out"))).containsExactlyElementsOf(all);
        assertThat(counts()).as("the state went on").containsExactlyElementsOf(all);
    }

    private List<Long> counts() throws IOException {
        List<Long> counts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    counts.add(Long.valueOf(line.replaceAll(".*\"count\":\\s*([0-9]+).*", "$1")));
                }
            }
        }
        return counts.stream().sorted().toList();
    }

    @Test
    void stateStaysWithItsStageAndItsTasks() throws Exception {
        String savepoint = stopped();
        try (Solstice engine = Solstice.embedded()) {
            SolsticeException wider = refused(engine, job("in", "count", "out", 2, 3), RestoreFrom.of(savepoint));
            assertThat(wider.code()).isEqualTo(ErrorCode.CHECKPOINT_UNFIT);
            assertThat(wider.error().cause())
                    .isEqualTo("stage 'count' has 3 tasks now, but the checkpoint has state of 1 task");
            SolsticeException unnamed = refused(engine, job("in", "total", "out", 2, 1), RestoreFrom.of("latest"));
            assertThat(unnamed.error().cause()).contains("stage 'count' (CustomOperator) is gone", "has state");
            assertThat(unnamed.error().help()).contains("--restore-map count=total");
            SolsticeException misspelt = refused(
                    engine,
                    job("in", "total", "out", 2, 1),
                    RestoreFrom.of("latest").renamed("cuont", "total"));
            assertThat(misspelt.code()).isEqualTo(ErrorCode.OPTION_INVALID);
            assertThat(misspelt.error().help()).contains("did you mean 'count'?");
        }
    }

    private static SolsticeException refused(Solstice engine, Job job, RestoreFrom from) {
        return catchThrowableOfType(SolsticeException.class, () -> engine.submit(job, from));
    }
}
