package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.api.StateBackend;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileReaderTest {
    @TempDir
    Path folder;

    private JobFile read(String yaml) throws IOException {
        return JobFileReader.read(Files.writeString(folder.resolve("job.yaml"), yaml));
    }

    @Test
    void readsEveryBlock() throws IOException {
        JobFile file = read("""
                job:
                  id: my_job
                  checkpoint_interval_secs: 1.5
                  checkpoint_interval_records: 10_000
                state:
                  backend: rocksdb
                  memory_mib: 64
                state_backend:
                  type: "s3"
                  bucket: "my-bucket"
                config:
                  parallelism: [2, 10]
                  nothing:
                  on: yes
                """);
        assertThat(file.jobId()).isEqualTo("my_job");
        assertThat(file.checkpointIntervalSecs()).isEqualTo(1.5);
        assertThat(file.checkpointIntervalRecords()).isEqualTo(10_000);
        assertThat(file.stateStore()).isEqualTo(StateStore.ROCKSDB);
        assertThat(file.stateMemory()).isEqualTo(64L << 20);
        assertThat(file.stateBackend()).containsEntry("type", "s3").containsEntry("bucket", "my-bucket");
        assertThat(file.config())
                .containsEntry("parallelism", List.of(2, 10))
                .containsEntry("on", "yes")
                .hasSize(2);
    }

    /** Known by any of its keys; the document is for its workflow, which knows what it may hold. */
    @Test
    void aStreamProcessorsDocumentBringsItsWorkflow() throws IOException {
        JobFile file = read("""
                windowing: {windows: [{type: session, gap_ms: 5}]}
                debug: true
                anything: else
                job: {id: clicks}
                state: {path: checkpoints/of/clicks, backend: disk}
                """);
        assertThat(file.workflow()).isEqualTo(JobArguments.STREAM_PROCESSOR);
        assertThat(file.jobId()).isEqualTo("clicks");
        assertThat(file.config()).containsOnlyKeys("windowing", "debug", "anything", "state");
        assertThat(file.stateBackend())
                .isEqualTo(Map.of(
                        "type",
                        "local",
                        "base_path",
                        Path.of("checkpoints/of/clicks").toAbsolutePath().toString()));
        for (String key : List.of("app_name: x", "processing:", "pipelines: []")) {
            JobFile smallest = read(key + "\n");
            assertThat(smallest.workflow()).as(key).isEqualTo(JobArguments.STREAM_PROCESSOR);
            assertThat(smallest.stateBackend())
                    .containsEntry(
                            "base_path", Path.of("state").toAbsolutePath().toString());
        }
        assertThat(read("app_name: x\nstate_backend: {type: s3, bucket: b}").stateBackend())
                .as("it wins over state.path")
                .isEqualTo(Map.of("type", "s3", "bucket", "b"));
        assertThat(read("config: {pipelines: []}").workflow()).isNull();
    }

    @Test
    void readsTheTemplateWhichHoldsTheDefaults() {
        JobFile template = JobFileReader.read(Path.of("..", "conf", "job.yaml"));
        CheckpointPolicy policy = CheckpointPolicy.DEFAULT;
        assertThat(template.checkpointIntervalSecs()).isEqualTo(policy.intervalSecs());
        assertThat(template.checkpointIntervalRecords()).isEqualTo(policy.intervalRecords());
        assertThat(StateBackend.fromConfig(template.stateBackend())).isEqualTo(StateBackend.DEFAULT);
    }

    @Test
    void readsEmptyFilesAndBlocks() throws IOException {
        assertThat(read("")).isEqualTo(JobFile.EMPTY);
        assertThat(read("# nothing\n")).isEqualTo(JobFile.EMPTY);
        assertThat(read("job:\nconfig:\n")).isEqualTo(JobFile.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "job:\\n  idd: x                | OPTION_UNKNOWN   | :2:3 | did you mean 'id'",
                "jobs:\\n  id: x                | OPTION_UNKNOWN   | :1:1 | did you mean 'job'",
                "state_backend:\\n  base-path: x | OPTION_UNKNOWN  | :2:3 | did you mean 'base_path'",
                "job: [a, b                     | CONFIG_MALFORMED | :1:  | expected ',' or ']'",
                "job:\\n\\tid: x                | CONFIG_MALFORMED | :2:  | ",
                "config:\\n  a: 1\\n  a: 2       | CONFIG_MALFORMED | job.yaml | duplicate key",
                "config:\\n  a: !!java.net.URL b | CONFIG_MALFORMED | :2:6 | tag",
                "config:\\n  - a                | CONFIG_MALFORMED | :2:3 | must hold",
                "plain text                     | CONFIG_MALFORMED | :1:1 | must hold",
                "config: {? [a] : b}            | CONFIG_MALFORMED | job.yaml | ",
                "state:\\n  memory_mib: -1        | OPTION_INVALID   | memory_mib | from 0",
                "state:\\n  backend: rocks        | OPTION_INVALID   | state.backend | did you mean 'rocksdb'",
                "state:\\n  path: x               | OPTION_UNKNOWN   | :2:3 | 'state' has no key 'path'",
                "job:\\n---\\njob:               | CONFIG_MALFORMED | job.yaml | single document",
                "job:\\n  checkpoint_interval_records: few | OPTION_INVALID | checkpoint_interval_records | whole number"
            })
    void refusesWhatItCannotRead(String yaml, ErrorCode code, String place, String text) {
        SolsticeException refused = catchThrowableOfType(
                SolsticeException.class, () -> read(yaml.replace("\\n", "\n").replace("\\t", "\t")));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.error().where()).contains(place.strip());
        assertThat(refused.getMessage()).contains(text == null ? "" : text);
    }

    @Test
    void refusesBombs() {
        String laughs = "config:\n  a0: &a0 [x, x]\n";
        for (int i = 1; i < 40; i++) {
            laughs += "  a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1);
        }
        String bomb = laughs;
        for (String yaml :
                List.of(bomb, "config: " + "[".repeat(100_000), "config: \"" + "x".repeat(2_000_000) + "\"")) {
            SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> read(yaml));
            assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_MALFORMED);
        }
    }

    @Test
    void refusesWhatIsNotText() throws IOException {
        Path file = Files.write(folder.resolve("bytes.yaml"), new byte[] {'a', ':', (byte) 0xff});
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> JobFileReader.read(file));
        assertThat(refused.getMessage()).contains("not UTF-8");
    }
}
