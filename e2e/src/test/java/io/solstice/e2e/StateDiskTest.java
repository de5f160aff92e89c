package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of the checkpoints fills up, or may not be written to, while a job runs. Needs the right to mount a small file
 * system; skipped without it.
 */
@Timeout(120)
class StateDiskTest {
    private static final long ROWS = 6_000;

    /** Has a state of some kilobytes. */
    private static final class Passing implements RowOperator {
        private long count;

        @Override
        public List<Row> process(Row row) {
            count++;
            return List.of(row);
        }

        @Override
        public Row checkpoint() {
            return Row.of("count", count, "ballast", "x".repeat(20_000));
        }

        @Override
        public void restore(Row state) {
            count = state.getLong("count");
        }
    }

    @TempDir
    Path folder;

    private Path disk() {
        return folder.resolve("disk");
    }

    private Job job(boolean withState, double rate) {
        Job job = new Job("steady")
                .stateBackend(new LocalStateBackend(disk().resolve("state").toString()))
                .addStage(Stage.of(
                        "in", GeneratorSource.numbers(1, ROWS).splits(4).rowsPerSecond(rate)));
        if (withState) {
            job.addStage(Stage.of("passing", new CustomOperator(Passing::new)), "in");
        }
        return job.addStage(
                Stage.of("out", FileSink.json(folder.resolve("out").toString())).parallelism(2),
                withState ? "passing" : "in");
    }

    @Test
    void aTaskThatCannotWriteItsStateCostsACheckpointAndNotTheJob() throws Exception {
        onASmallDisk(true);
    }

    @Test
    void aMasterThatCannotWriteItsManifestCostsACheckpointAndNotTheJob() throws Exception {
        onASmallDisk(false);
    }

    private void onASmallDisk(boolean withState) throws Exception {
        Files.createDirectory(disk());
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk().toString()), "mounting is not permitted");
        try {
            String newest = throughTrouble(withState);
            try (Solstice engine = Solstice.embedded()) {
                assertThat(job(withState, 0).listCheckpoints()).endsWith(newest);
                engine.submit(job(withState, 0), "latest").await();
            }
            assertThat(NumberedRows.in(folder.resolve("out")))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, ROWS).boxed().toList());
        } finally {
            run("umount", "-l", disk().toString());
        }
    }

    /** @return the newest checkpoint of the job, which is then cancelled with rows that no checkpoint knows */
    private String throughTrouble(boolean withState) throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(withState, 300));
            await().until(() -> handle.getMetrics().stages().get(0).inputRecords() >= 100);
            String first = handle.triggerCheckpoint();

            Path ballast = disk().resolve("ballast");
            fill(ballast);
            assertFails(handle, ErrorCode.DISK_FULL, first, 1);
            assertFails(handle, ErrorCode.DISK_FULL, first, 2);
            Files.delete(ballast);
            String second = handle.triggerCheckpoint();

            assertThat(run("mount", "-o", "remount,ro", disk().toString())).isTrue();
            assertFails(handle, ErrorCode.IO_FAILED, second, 3);
            assertThat(run("mount", "-o", "remount,rw", disk().toString())).isTrue();
            String third = handle.triggerCheckpoint();

            assertThat(handle.listCheckpoints()).containsExactly(first, second, third);
            await().until(() -> handle.getStatus().checkpoints().totalCheckpoints() == 3);
            assertThat(handle.getStatus().restarts()).isZero();
            handle.cancel();
            handle.await();
            return third;
        }
    }

    private void assertFails(JobHandle handle, ErrorCode code, String newest, int failed) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, handle::triggerCheckpoint);
        assertThat(refused).isNotNull();
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        assertThat(handle.getStatus().state()).isEqualTo(JobState.RUNNING);
        await().until(() -> handle.getStatus().checkpoints().failedCheckpoints() == failed);
        assertThat(handle.listCheckpoints()).endsWith(newest);
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[4096];
            for (int i = 0; i < 10_000; i++) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space");
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
