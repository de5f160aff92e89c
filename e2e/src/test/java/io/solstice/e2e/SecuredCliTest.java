package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.config.Secret;
import io.solstice.common.config.Security.TlsFiles;
import io.solstice.common.rpc.TestAuthority;
import io.solstice.proto.v1.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that show each other certificates, and users who show tokens. */
@Timeout(120)
class SecuredCliTest {
    private static final String TOKEN = "ada-0123456789abcdef";

    @TempDir
    Path folder;

    private static List<String> flags(TlsFiles files) {
        return List.of(
                "--tls-certificate",
                files.certificate().toString(),
                "--tls-key",
                files.key().toString(),
                "--tls-ca",
                files.authority().orElseThrow().toString());
    }

    private Path tokens() throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "ada: " + TOKEN + "\n");
        return Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aJobOfAKnownUserRunsOnWorkersWithCertificatesAndNobodyElseGetsIn() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "cluster");
        Files.writeString(folder.resolve("Counting.java"), Counting.SOURCE);
        String ca = authority.certificate().toString();
        try (LiveCluster cluster = new LiveCluster(
                folder,
                flags(authority.issue("process")),
                client ->
                        client.tlsTrusting(Optional.of(authority.certificate())).token(Optional.of(new Secret(TOKEN))),
                "--tokens-file",
                tokens().toString())) {
            cluster.startAll("ada", "bob");
            String[] job = {"run", "Counting.java", "--rows", "500", "--output", folder.resolve("out") + ""};
            Cli.Ended nobody = cluster.cli("worker", "list", "--tls-ca", ca);
            assertThat(nobody.code()).as(nobody.err()).isEqualTo(77);
            Cli.Ended wrong = cluster.cli("worker", "list", "--tls-ca", ca, "--token", TOKEN + "x");
            assertThat(wrong.code()).isEqualTo(77);
            assertThat(wrong.err()).contains("SOL-4207").doesNotContain(TOKEN);

            Cli.Ended known = cluster.cli(
                    Stream.concat(Stream.of(job), Stream.of("--tls-ca", ca, "--token", TOKEN, "--job-id", "secured"))
                            .toArray(String[]::new));
            assertThat(known.code()).as(known.err()).isZero();
            assertThat(cluster.describe("secured").getJob().getState()).isEqualTo(JobState.FINISHED);
            assertThat(cluster.describe("secured").getJob().getSubmitter()).isEqualTo("ada");
            assertThat(cluster.workersOf("secured")).containsExactlyInAnyOrder("ada", "bob");
            assertThat(folder.resolve("out")).isDirectory();

            TestAuthority other = new TestAuthority(folder, "other");
            TlsFiles strange = other.issue("stranger");
            ForegroundDaemon stranger = cluster.start(
                    "stranger",
                    "--tls-certificate",
                    strange.certificate().toString(),
                    "--tls-key",
                    strange.key().toString());
            stranger.awaitLog("cannot reach the master");
            assertThat(cluster.workerIds()).containsExactlyInAnyOrder("ada", "bob");
        }
    }

    @Test
    void anAddressThatOthersReachNeedsTlsAndTokens() throws Exception {
        for (String command : List.of("start-master", "start-worker")) {
            try (ForegroundDaemon open = ForegroundDaemon.start(
                    folder,
                    command,
                    command,
                    List.of("--port", "0", "--data-dir", folder.resolve("data") + "", "--bind-host", "0.0.0.0"))) {
                assertThat(open.exitCode()).isEqualTo(78);
                assertThat(open.log()).contains("error[SOL-4203]", "tls_certificate: ", "tokens_file: ");
            }
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }
}
