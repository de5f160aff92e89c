package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.solstice.api.CheckpointStatus;
import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Runner;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are stopped and go on, each time in another engine, as they do over the ends of processes. */
@Timeout(60)
class RestoreTest {
    private static final long ROWS = 3_000;

    record Number(long number) {}

    @TempDir
    Path folder;

    private Job job(double rate, int tasks) {
        return new Job("numbers")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in", GeneratorSource.numbers(1, ROWS).splits(4).rowsPerSecond(rate))
                        .parallelism(tasks))
                .addStage(
                        Stage.of("same", MapOperator.records(Number.class, Number.class, number -> number))
                                .parallelism(tasks),
                        "in")
                .addStage(
                        Stage.of("out", FileSink.json(folder.resolve("out").toString()))
                                .parallelism(2),
                        "same");
    }

    private List<Long> written() {
        return NumberedRows.in(folder.resolve("out"));
    }

    private static void awaitRows(JobHandle handle, long rows) {
        await().until(() -> handle.getMetrics().stages().get(0).inputRecords() >= rows);
    }

    @Test
    void aStoppedJobGoesOnWithOtherTasksAndWritesEveryRowOnce() throws Exception {
        String savepoint;
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(600, 2));
            awaitRows(handle, 200);
            String first = handle.triggerCheckpoint();
            assertThat(handle.listCheckpoints()).containsExactly(first);
            List<Long> early = written();
            assertThat(early).isNotEmpty().doesNotHaveDuplicates();
            CheckpointStatus status = handle.getStatus().checkpoints();
            assertThat(status.latestCheckpoint()).isEqualTo(first);
            assertThat(status.totalCheckpoints()).isEqualTo(1);
            savepoint = handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            assertThat(handle.listCheckpoints()).containsExactly(first, savepoint);
            assertThat(written()).hasSizeLessThan((int) ROWS).containsAll(early);
        }
        assertThat(job(0, 1).listCheckpoints()).hasSize(2).endsWith(savepoint);
        try (Runner runner = job(0, 3).createRunner()) {
            runner.initialize();
            runner.restoreFromCheckpoint();
            runner.run();
            runner.waitForCompletion();
        }
        assertThat(written()).containsExactlyElementsOf(numbers());
    }

    private Job toOneFile(double rate) {
        return new Job("one-file")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in", GeneratorSource.numbers(1, ROWS).splits(4).rowsPerSecond(rate))
                        .parallelism(2))
                .addStage(
                        Stage.of("out", FileSink.json(folder.resolve("one.json").toString())), "in");
    }

    private static void stopAt(Job job, String from, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = from.isEmpty() ? engine.submit(job) : engine.submit(job, from);
            awaitRows(handle, rows);
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    @Test
    void oneFileGoesOnAfterEveryStopAndAlsoAfterTheEnd() throws Exception {
        stopAt(toOneFile(600), "", 0);
        stopAt(toOneFile(600), "latest", 200);
        assertThat(NumberedRows.in(folder)).isNotEmpty().hasSizeLessThan((int) ROWS);
        for (int times = 0; times < 2; times++) {
            try (Solstice engine = Solstice.embedded()) {
                engine.submit(toOneFile(0), "latest").await();
            }
            assertThat(NumberedRows.in(folder)).containsExactlyElementsOf(numbers());
        }
    }

    private List<Long> numbers() {
        return LongStream.rangeClosed(1, ROWS).boxed().toList();
    }

    @Test
    void whatCannotBeRestoredIsRefusedWithTheReason() throws Exception {
        String point;
        try (Solstice engine = Solstice.embedded()) {
            SolsticeException none = refused(engine, job(0, 1), "latest");
            assertThat(none.code()).isEqualTo(ErrorCode.CHECKPOINT_UNKNOWN);
            JobHandle handle = engine.submit(job(600, 1));
            awaitRows(handle, 100);
            point = handle.stopWithSavepoint();
            handle.await();
            SolsticeException unknown = refused(engine, job(0, 1), "checkpoint_1_00000000");
            assertThat(unknown.code()).isEqualTo(ErrorCode.CHECKPOINT_UNKNOWN);
            assertThat(unknown.error().cause()).contains(point);
            Job other = new Job("numbers")
                    .stateBackend(job(0, 1).stateBackend())
                    .addStage(Stage.of("elsewhere", GeneratorSource.numbers(1, ROWS)))
                    .addStage(
                            Stage.of(
                                    "out", FileSink.json(folder.resolve("other").toString())),
                            "elsewhere");
            SolsticeException changed = refused(engine, other, point);
            assertThat(changed.code()).isEqualTo(ErrorCode.CHECKPOINT_UNFIT);
            assertThat(changed.error().cause()).contains("stage 'in' (GeneratorSource) is gone", "unread split");
            assertThat(folder.resolve("other")).doesNotExist();
        }
    }

    private static SolsticeException refused(Solstice engine, Job job, String from) {
        return catchThrowableOfType(SolsticeException.class, () -> engine.submit(job, from));
    }

    @Test
    void aRunnerThatHasNotRunTakesAnEmptyCheckpoint() throws Exception {
        try (Runner runner = job(0, 2).createRunner()) {
            runner.initialize();
            String empty = runner.triggerCheckpoint();
            assertThat(runner.listCheckpoints()).containsExactly(empty);
            runner.restoreFromCheckpoint(empty);
            assertThat(runner.triggerCheckpoint()).as("what it will begin with").isEqualTo(empty);
            runner.run();
            runner.waitForCompletion();
            assertThat(runner.getStatus().checkpoints().recordsSinceCheckpoint())
                    .isNotNegative();
        }
        assertThat(written()).containsExactlyElementsOf(numbers());
    }

    @Test
    void oldCheckpointsGoByThemselvesAndByHand() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(200, 1));
            String last = "";
            for (int i = 0; i < 7; i++) {
                last = handle.triggerCheckpoint();
            }
            await().until(() -> handle.listCheckpoints().size() == 5);
            assertThat(handle.listCheckpoints()).endsWith(last);
            assertThat(handle.cleanupCheckpoints(2)).hasSize(3);
            assertThat(handle.cleanupCheckpoints(0)).hasSize(1);
            assertThat(handle.listCheckpoints()).containsExactly(last);
            handle.cancel();
            handle.await();
            assertThat(handle.cleanupCheckpoints(0)).containsExactly(last);
            SolsticeException deleted = refused(engine, job(0, 1), "latest");
            assertThat(deleted.error().what()).contains(last, "has been deleted");
        }
    }
}
