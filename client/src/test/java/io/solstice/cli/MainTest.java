package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

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

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpStartsWithExamples() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("Examples:").contains("explain", "connectors", "version");
        assertThat(run("run", "--help")).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("Examples:").contains("--restore-from <checkpoint>", "Exit codes: 0 ");
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(err()).startsWith("Examples:");
    }

    @Test
    void explainsEveryCode() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(run("explain", code.code())).isEqualTo(ExitCode.OK);
            assertThat(out()).startsWith(code.code()).contains(code.meaning());
        }
        assertThat(run("explain", "1103")).isEqualTo(ExitCode.OK);
        assertThat(run("explain", "SOL-1130")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("did you mean SOL-1103?");
        assertThat(run("explain")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsItsVersion() {
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("solstice ").contains("Java " + Runtime.version());
    }

    @Test
    void refusesWrongCommandLines() {
        assertThat(run("rnu")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("did you mean 'run'");
        assertThat(run("run")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("no workflow is given");
        assertThat(run("run", "A.java", "B.java")).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--workflow", "a.B", "--log-level", "LOUD")).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--workflow", "a.B", "--progress", "lots")).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--workflow", "a.B", "--checkpoint-interval", "often"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--workflow", "a.B")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void wantsAnIdAndACheckpointWhereAJobGoesOn() {
        assertThat(run("run", "--workflow", "a.B", "--restore-from", "latest")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("= help: add --job-id <id>");
        assertThat(run("run", "--workflow", "a.B", "--job-id", "j", "--restore-from", "latest", "--restore-map", "a"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--restore-map <old>=<new>");
        assertThat(run("run", "--workflow", "a.B", "--job-id", "j", "--restore-map", "a=b"))
                .isEqualTo(ExitCode.CONFIG);
        assertThat(err()).contains("name a checkpoint to restore from as well");
        assertThat(run("run", "--workflow", "a.B", "--job-id", "j", "--restore-from", "lates"))
                .isEqualTo(ExitCode.CONFIG);
        assertThat(err()).contains("'lates' is no checkpoint", "did you mean 'latest'?");
        assertThat(run("run", "--workflow", "a.B", "--job-id", "j", "--restore-from", "checkpoint_1"))
                .isEqualTo(ExitCode.CONFIG);
        assertThat(err()).contains("checkpoint_1700000000_0123abcd");
    }

    @Test
    void tellsConfigurationFromUserCode() {
        assertThat(run("run", "--workflow", "a.B", "--config", "nowhere.yaml")).isEqualTo(ExitCode.CONFIG);
        assertThat(run("run", "--workflow", Throwing.class.getName())).isEqualTo(ExitCode.USER_CODE);
        assertThat(err())
                .contains("error[SOL-1511]", "java.lang.ArithmeticException", "docs: solstice explain SOL-1511")
                .doesNotContain("\tat ");
        assertThat(run("run", "--workflow", Throwing.class.getName(), "--log-level", "DEBUG"))
                .isEqualTo(ExitCode.USER_CODE);
        assertThat(err()).contains("\tat ");
    }

    /** Fails on purpose. */
    static final class Throwing implements io.solstice.api.Workflow {
        @Override
        public io.solstice.api.Job createJob(io.solstice.api.JobContext context) {
            throw new ArithmeticException("no");
        }
    }
}
