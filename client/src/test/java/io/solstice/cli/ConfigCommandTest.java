package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigCommandTest {
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
    void showsBothOrOne() {
        assertThat(run("config", "show")).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("MASTER\n").contains("\n\nWORKER\n", "heartbeat_timeout      3s\n");
        assertThat(run("config", "show", "worker", "--cpus", "3", "--insecure", "--origin"))
                .isEqualTo(ExitCode.OK);
        assertThat(out())
                .startsWith("WORKER\n")
                .containsPattern("cpus +3 +--cpus\n")
                .containsPattern("insecure +true +--insecure\n")
                .containsPattern("port +0 +default\n");
    }

    @Test
    void speaksToProgramsToo() {
        assertThat(run("config", "show", "master", "-o", "json", "--origin", "--port", "9"))
                .isEqualTo(ExitCode.OK);
        assertThat(out())
                .contains("\"port\" : {\n      \"value\" : \"9\",\n      \"origin\" : \"--port\"")
                .contains("\"tls_key\" : {\n      \"value\" : null");
        assertThat(run("config", "show", "master", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("\"port\" : \"7070\"", "\"tls_key\" : null");
        assertThat(run("config", "show", "master", "-o", "yaml", "--origin", "--port=9"))
                .isEqualTo(ExitCode.OK);
        assertThat(out()).contains("master:\n  cluster_id: 'solstice'\n", "  port: '9'  # --port\n", "tls_key: null");
    }

    @Test
    void refusesWhatAStartWouldRefuse() {
        assertThat(run("config", "show", "master", "--prot", "9")).isEqualTo(ExitCode.CONFIG);
        assertThat(err()).contains("did you mean '--port'?");
        assertThat(run("config", "show", "worker", "--reconnect-backoff-min", "1m"))
                .isEqualTo(ExitCode.CONFIG);
        assertThat(run("config", "show", "maser")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("did you mean 'master'?");
        assertThat(run("config")).isEqualTo(ExitCode.USAGE);
        assertThat(run("config", "show", "-o", "xml")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsNoSecrets() {
        assertThat(run("config", "show", "worker", "--token", "s3cret", "-o", "json", "--origin"))
                .isEqualTo(ExitCode.OK);
        assertThat(out()).contains("***").doesNotContain("s3cret");
    }
}
