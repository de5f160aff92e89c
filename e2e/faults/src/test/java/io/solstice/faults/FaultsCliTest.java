package io.solstice.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The command, on the packaged distribution. */
@Isolated
class FaultsCliTest {
    private static final long LIMIT_SECS = 400;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    private record Run(int code, List<String> lines) {
        String last() {
            return lines.get(lines.size() - 1);
        }
    }

    @AfterEach
    void leavesNoProcess() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    private Run faults(String... words) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("solstice.home")).toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(home.resolve("../../../bin/faults").normalize().toString());
        command.addAll(Arrays.asList(words));
        Path log = folder.resolve("faults.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SOLSTICE_HOME", home.toString());
        Process process = builder.start();
        started.add(process);
        assertThat(process.waitFor(LIMIT_SECS, TimeUnit.SECONDS))
                .as("ends: %s", Files.readString(log))
                .isTrue();
        return new Run(process.exitValue(), Files.readAllLines(log));
    }

    /**
     * With all state in an S3 server one worker is killed, one stands still until others do its work, and the store is
     * slow: nothing is lost and nothing is doubled, in rows, windows, and states by key.
     */
    @Test
    void aShortRunHolds() throws Exception {
        Path page = folder.resolve("report.md");
        Run run = faults(
                "--seed",
                "1",
                "--kinds",
                "kill,pause,store",
                "--state",
                "s3",
                "--jobs",
                "windowed,visits",
                "--faults",
                "3",
                "--minutes",
                "0",
                "--dir",
                folder.resolve("run").toString(),
                "--report",
                page.toString());
        assertThat(run.last()).as("%s", String.join("\n", run.lines())).startsWith("faults: HELD runs=1 faults=3 ");
        assertThat(run.last()).contains(" lost=0 doubled=0 wrong=0 left=0 other=0 ");
        assertThat(run.code()).isEqualTo(0);
        assertThat(run.lines()).contains("  the state of visits is in rocksdb");
        assertThat(page)
                .content()
                .contains(
                        "## Seed 1: HELD", "kill -9 of", "SIGSTOP of", "6.0 s", "road to the store slow", "in rocksdb")
                .containsPattern("as did (windowed|visits)");
        assertThat(run.lines())
                .anyMatch(line -> line.matches(".* (windowed|visits) was stopped with checkpoint_.*"
                        + " \\(FINISHED\\) and goes on with 2 tasks of each stage with state instead of 3"));
    }

    /** A worker ends at a chosen moment, roads and disks fail for a while, and a checkpoint is damaged; for joins too. */
    @Test
    void aShortRunOfOtherFaultsHolds() throws Exception {
        boolean compiler =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, "cc")));
        Run run = faults(
                "--seed",
                "3",
                "--kinds",
                compiler ? "point,road,disk,damage" : "point,road,damage",
                "--jobs",
                "sessions,joined",
                "--faults",
                "4",
                "--minutes",
                "0",
                "--dir",
                folder.resolve("run").toString());
        assertThat(run.last()).as("%s", String.join("\n", run.lines())).startsWith("faults: HELD runs=1 faults=4 ");
        assertThat(run.last()).contains(" lost=0 doubled=0 wrong=0 left=0 other=0 ");
        assertThat(run.code()).isEqualTo(0);
    }

    @Test
    void saysHowItIsUsed() throws Exception {
        assertThat(faults("--help").lines().get(0)).startsWith("usage: bin/faults ");
        Run wrong = faults("--fast");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.lines()).containsExactly("faults: there is no option '--fast'; see bin/faults --help");
    }
}
