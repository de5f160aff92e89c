package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.StateBackend.DfsStateBackend;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.StateBackend.S3StateBackend;
import io.solstice.common.graph.StatePolicy;
import io.solstice.common.graph.StateStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunSettingsTest {
    private static RunSettings merge(JobFile file, String... arguments) {
        Arguments given = Arguments.parse(List.of(arguments), new RunCommand());
        return RunSettings.merge(JobArguments.flags(given), file);
    }

    private static JobFile file(Map<String, Object> backend, Map<String, Object> config) {
        return new JobFile(null, "from_file", 60.0, 100L, StateStore.DISK, 64L << 20, backend, config);
    }

    @Test
    void flagsWinOverTheFileWhichWinsOverDefaults() {
        JobFile file = file(Map.of(), Map.of("a", 1, "b", 2, "checkpoint_interval_secs", 5));
        RunSettings both = merge(file, "--job-id", "mine", "--a", "9", "--checkpoint-interval", "7");
        assertThat(both.context().jobId()).isEqualTo("mine");
        assertThat(both.context().config().wholeNumber("a", 0)).isEqualTo(9);
        assertThat(both.context().config().wholeNumber("b", 0)).isEqualTo(2);
        assertThat(both.context().config().number("checkpoint_interval_secs", 300))
                .isEqualTo(7);
        assertThat(both.checkpointIntervalRecords()).isEqualTo(100);

        RunSettings fileOnly = merge(file);
        assertThat(fileOnly.context().jobId()).isEqualTo("from_file");
        assertThat(fileOnly.context().config().number("checkpoint_interval_secs", 300))
                .isEqualTo(60);

        RunSettings nothing = merge(JobFile.EMPTY);
        assertThat(nothing.context().jobId()).matches("job_\\d{10}");
        assertThat(nothing.checkpointIntervalSecs()).isNull();
        assertThat(nothing.context().stateBackend()).isEqualTo(new LocalStateBackend("/tmp/solstice/checkpoints"));
    }

    @Test
    void theStoreOfAFileIsLaidOverTheJob() {
        Job job = new Job("a").stateStore(StateStore.ROCKSDB).stateFolder("/of/the/job");
        merge(JobFile.EMPTY).applyTo(job);
        assertThat(job.state()).isEqualTo(new StatePolicy(StateStore.ROCKSDB, "/of/the/job"));
        merge(file(Map.of(), Map.of())).applyTo(job);
        assertThat(job.state()).isEqualTo(new StatePolicy(StateStore.DISK, "/of/the/job", 64 << 20));
    }

    @Test
    void laysBackendFlagsOverTheFile() {
        JobFile local = file(Map.of("type", "local", "base_path", "/a"), Map.of());
        assertThat(merge(local).context().stateBackend()).isEqualTo(new LocalStateBackend("/a"));
        assertThat(merge(local, "--state-path", "/b").context().stateBackend()).isEqualTo(new LocalStateBackend("/b"));
        assertThat(merge(local, "--state-backend", "s3", "--state-path", "bucket")
                        .context()
                        .stateBackend())
                .isEqualTo(new S3StateBackend("bucket", "checkpoints"));
        JobFile s3 = file(Map.of("type", "s3", "bucket", "a", "prefix", "p"), Map.of());
        assertThat(merge(s3, "--state-prefix", "q").context().stateBackend()).isEqualTo(new S3StateBackend("a", "q"));
        assertThat(merge(JobFile.EMPTY, "--state-backend", "dfs", "--state-path", "hdfs://n:9000/c")
                        .context()
                        .stateBackend())
                .isEqualTo(new DfsStateBackend("hdfs://n:9000/c"));
        assertThatThrownBy(() -> merge(JobFile.EMPTY, "--state-backend", "s4"))
                .hasMessageContaining("did you mean 's3'");
        assertThatThrownBy(() -> merge(JobFile.EMPTY, "--checkpoint-interval", "0"))
                .hasMessageContaining("SOL-1602");
    }

    @Test
    void refusesASettingNearOneThatTheWorkflowReads() {
        RunSettings settings = merge(JobFile.EMPTY, "--transform-paralelism", "4");
        settings.context().config().text("transform_parallelism");
        assertThatThrownBy(() -> settings.checkAllRead(new ByteArrayOutputStream()))
                .hasMessageContaining("did you mean 'transform_parallelism'");
    }

    @Test
    void mentionsASettingThatNobodyReads() {
        RunSettings settings = merge(JobFile.EMPTY, "--something", "4", "--checkpoint-interval", "9");
        settings.context().config().text("input");
        ByteArrayOutputStream notes = new ByteArrayOutputStream();
        settings.checkAllRead(notes);
        assertThat(notes.toString(StandardCharsets.UTF_8))
                .contains("the workflow does not read something; it reads input");
    }
}
