package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import io.solstice.proto.v1.CheckpointSummary;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListCheckpointsResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints by hand: a job on a cluster is stopped and goes on, by the commands that a person gives. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckpointCliTest {
    private static final int ROWS = 4_000;

    @TempDir
    static Path folder;

    private LiveCluster cluster;

    @BeforeAll
    void start() throws IOException {
        cluster = new LiveCluster(folder);
        Files.writeString(folder.resolve("Counting.java"), Counting.SOURCE);
        cluster.startAll("ada", "bob");
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private static List<String> counting(String job, Path output, String... more) {
        List<String> words =
                new ArrayList<>(List.of("Counting.java", "--job-id", job, "--rows", ROWS + "", "--cpus", "0"));
        words.addAll(List.of("--output", output.toString(), "--state-path", statePath()));
        words.addAll(List.of(more));
        return words;
    }

    private static String statePath() {
        return folder.resolve("state").toString();
    }

    private Cli.Ended cli(String command, List<String> words) throws IOException, InterruptedException {
        return cluster.cli(Stream.concat(Stream.of(command), words.stream()).toArray(String[]::new));
    }

    private Cli.Ended succeeds(String... words) throws IOException, InterruptedException {
        return zero(cluster.cli(words));
    }

    private static Cli.Ended zero(Cli.Ended ended) {
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        return ended;
    }

    private List<String> listed(String job) throws IOException, InterruptedException {
        return ids(succeeds("checkpoint", "list", job, "-o", "json"));
    }

    /** As the state backend has them; no master is asked. */
    private static List<String> stored(String job) throws IOException, InterruptedException {
        return ids(zero(new Cli(folder).run("checkpoint", "list", job, "--state-path", statePath(), "-o", "json")));
    }

    private static List<String> ids(Cli.Ended ended) throws IOException {
        ListCheckpointsResponse.Builder listed = ListCheckpointsResponse.newBuilder();
        JsonFormat.parser().merge(ended.out(), listed);
        return listed.getCheckpointsList().stream()
                .map(CheckpointSummary::getCheckpointId)
                .toList();
    }

    @Test
    void aJobIsStoppedAndGoesOnWithMoreTasksAndEveryRowIsThereOnce() throws Exception {
        Path output = folder.resolve("all");
        zero(cli("submit", counting("by-hand", output, "--rate", "400")));
        await().atMost(ForegroundDaemon.LIMIT)
                .until(() -> cluster.describe("by-hand").getJob().getStages(0).getInputRecords() > 300);
        String first = succeeds("checkpoint", "trigger", "by-h").out().strip();
        assertThat(first).matches("checkpoint_[0-9]+_[0-9a-f]{8}");
        assertThat(listed("by-h")).containsExactly(first);
        assertThat(NumberedRows.in(output)).isNotEmpty().doesNotHaveDuplicates();
        assertThat(succeeds("job", "get", "by-h").out()).contains("checkpoint 1 completed, 0 failed", first);
        assertThat(succeeds("checkpoint", "show", "by-h", "latest").out())
                .contains(first, "GeneratorSource", "published");

        Cli.Ended stopped = succeeds("job", "stop", "by-hand", "--savepoint");
        String savepoint = stopped.out().strip();
        assertThat(stopped.err()).contains("--restore-from " + savepoint);
        cluster.awaitState("by-hand", JobState.FINISHED);
        assertThat(listed("by-hand")).containsExactly(savepoint, first);
        assertThat(stored("by-hand")).as("by the state backend itself").containsExactly(savepoint, first);
        assertThat(NumberedRows.in(output)).hasSizeLessThan(ROWS).doesNotHaveDuplicates();

        zero(cli("run", counting("by-hand", output, "--restore-from", savepoint, "--tasks", "3")));
        assertThat(NumberedRows.in(output))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, ROWS).boxed().toList());

        Cli.Ended unasked = cluster.cli("checkpoint", "delete", "by-hand", first);
        assertThat(unasked.code()).as(unasked.err()).isEqualTo(64);
        assertThat(succeeds("checkpoint", "delete", "by-hand", first, "--yes").out())
                .contains(first);
        succeeds("checkpoint", "delete", "by-hand", "--keep-last", "0", "--yes");
        assertThat(succeeds("checkpoint", "list", "by-hand").out()).contains("no checkpoints");
        assertThat(stored("by-hand")).isEmpty();
    }

    @Test
    void whatCannotBeRestoredIsRefusedWithTheReason() throws Exception {
        Path output = folder.resolve("changed");
        Cli.Ended none = cli("run", counting("picky", output, "--restore-from", "latest"));
        assertThat(none.code()).as(none.err()).isEqualTo(1);
        assertThat(none.err()).contains("SOL-2201", "has no completed checkpoint");
        assertThat(output).doesNotExist();

        zero(cli("submit", counting("picky", output, "--rate", "100")));
        cluster.awaitState("picky", JobState.RUNNING);
        String savepoint = succeeds("job", "stop", "picky", "--savepoint").out().strip();
        cluster.awaitState("picky", JobState.FINISHED);
        Cli.Ended unknown = cli("run", counting("picky", output, "--restore-from", "checkpoint_1_00000000"));
        assertThat(unknown.code()).as(unknown.err()).isEqualTo(1);
        assertThat(unknown.err()).contains("SOL-2201", savepoint);

        String renamed = Counting.SOURCE.replace("Counting", "Renamed").replace("\"numbers\"", "\"digits\"");
        Files.writeString(folder.resolve("Renamed.java"), renamed);
        List<String> words = counting("picky", output, "--restore-from", savepoint);
        words.set(0, "Renamed.java");
        Cli.Ended changed = cli("run", words);
        assertThat(changed.code()).as(changed.err()).isEqualTo(1);
        assertThat(changed.err())
                .contains("SOL-2202", "stage 'numbers' (GeneratorSource) is gone", "--restore-map numbers=digits");
        words.addAll(List.of("--restore-map", "numbers=digits", "--tasks", "3"));
        zero(cli("run", words));
        assertThat(NumberedRows.in(output))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, ROWS).boxed().toList());
    }

    @Test
    void jobsInOneProcessGoOnInTheNext() throws Exception {
        Path output = folder.resolve("embedded");
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(counting("alone", output, "--rate", "500", "--checkpoint-interval", "0.3"));
        Cli cli = new Cli(Files.createDirectory(folder.resolve("alone-cli")));
        words.set(1, folder.resolve("Counting.java").toString());
        Process process = cli.start(words.toArray(String[]::new));
        await().atMost(ForegroundDaemon.LIMIT)
                .until(() -> !NumberedRows.in(output).isEmpty());
        process.destroyForcibly().waitFor();
        assertThat(NumberedRows.in(output)).hasSizeLessThan(ROWS).doesNotHaveDuplicates();
        List<String> left = stored("alone");
        assertThat(left).isNotEmpty().allMatch(id -> id.matches("checkpoint_[0-9]+_[0-9a-f]{8}"));
        assertThat(zero(cli.run("checkpoint", "list", "alone", "--state-path", statePath()))
                        .out())
                .as("for people")
                .startsWith("CHECKPOINT")
                .contains(left);
        Cli.Ended unknown = cli.run("checkpoint", "list", "al", "--state-path", statePath());
        assertThat(unknown.out()).as("only the whole id is known").contains("no checkpoints");

        List<String> again = new ArrayList<>(words);
        again.addAll(List.of("--restore-from", "latest", "--tasks", "3"));
        again.set(again.indexOf("--rate") + 1, "0");
        zero(cli.run(again.toArray(String[]::new)));
        assertThat(NumberedRows.in(output))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, ROWS).boxed().toList());
    }
}
