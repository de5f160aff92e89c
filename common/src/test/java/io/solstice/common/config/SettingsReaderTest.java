package io.solstice.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Resources;
import io.solstice.common.protocol.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    @TempDir
    Path folder;

    private Settings master(Map<String, String> environment, String... flags) {
        return SettingsReader.read(Component.MASTER, List.of(flags), StandInMachine.in(folder, environment));
    }

    private Settings worker(Map<String, String> environment, String... flags) {
        return SettingsReader.read(Component.WORKER, List.of(flags), StandInMachine.in(folder, environment));
    }

    private static Settings.Setting setting(Settings settings, String name) {
        return settings.all().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Path write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        return Files.writeString(folder.resolve(file), text);
    }

    private void assertRefused(ErrorCode code, Runnable reading, String... parts) {
        assertThatThrownBy(reading::run)
                .isInstanceOf(SolsticeException.class)
                .message()
                .contains("error[" + code.code() + "]")
                .satisfies(message ->
                        List.of(parts).forEach(part -> assertThat(message).contains(part)));
    }

    @Test
    void nothingNeedBeSaid() {
        MasterConfig master = MasterConfig.of(master(Map.of()));
        assertThat(master.listen()).isEqualTo(new Listen("127.0.0.1", 7070, "127.0.0.1", 16 << 20));
        assertThat(master.dataDir()).isEqualTo(folder.resolve("data/master"));
        assertThat(master.journal().folder()).contains(folder.resolve("data/master/journal"));
        assertThat(master.leaseTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(master.heartbeatTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(master.security()).isEqualTo(new Security(Optional.empty(), Optional.empty(), false));

        WorkerConfig worker = WorkerConfig.of(worker(Map.of()));
        assertThat(worker.masters()).containsExactly(new Endpoint("127.0.0.1", 7070));
        assertThat(worker.workerId().value()).isEqualTo("node-7.lan-c0ffee");
        assertThat(worker.dataDir()).isEqualTo(folder.resolve("data/workers/node-7.lan-c0ffee"));
        assertThat(worker.offered()).isEqualTo(new Resources(8, 2, 48L << 30));
        assertThat(worker.offHeapLimitBytes()).isEqualTo(24L << 30);
    }

    @Test
    void aFlagWinsOverTheEnvironmentThatOverTheFileThatOverTheDefault() throws IOException {
        write("conf/master.yaml", "# mine\nport: 1\njob_history: 1\ncluster_id: one\n");
        Settings settings = master(
                Map.of("SOLSTICE_MASTER_PORT", "2", "SOLSTICE_MASTER_JOB_HISTORY", "2", "SOLSTICE_OTHER", "x"),
                "--port=3");
        String file = folder.resolve("conf/master.yaml").toString();
        assertThat(setting(settings, "port").text()).isEqualTo("3");
        assertThat(setting(settings, "port").origin()).isEqualTo(new Origin(Origin.Kind.FLAG, "--port"));
        assertThat(setting(settings, "job_history").text()).isEqualTo("2");
        assertThat(setting(settings, "job_history").origin().place()).isEqualTo("SOLSTICE_MASTER_JOB_HISTORY");
        assertThat(setting(settings, "cluster_id").text()).isEqualTo("one");
        assertThat(setting(settings, "cluster_id").origin().place()).isEqualTo(file + ":4");
        assertThat(setting(settings, "log_level").origin().kind()).isEqualTo(Origin.Kind.DEFAULT);
        assertThat(settings).hasToString("master settings: cluster_id=one port=3 job_history=2");
    }

    @Test
    void everyKeyIsAlsoAFlagAndAVariable() {
        for (Component component : Component.values()) {
            for (Key<?> key : component.keys()) {
                String text = switch (key.name()) {
                    case "port", "job_history", "cpus", "gpus", "restart_attempts", "checkpoints_retained" -> "5";
                    case "memory", "off_heap_limit", "artifact_limit", "artifact_cache", "message_limit" -> "1GiB";
                    case "insecure" -> "true";
                    case "log_level" -> "WARN";
                    case "master" -> "far.example:99,10.0.0.2:7070";
                    case "journal_options" -> "region=eu-1,path_style=true";
                    default -> key.type().javaType() == Duration.class ? "7s" : "some-text";
                };
                List<String> flag = List.of(key.flag() + "=" + text);
                Settings flagged = SettingsReader.read(component, flag, StandInMachine.in(folder, Map.of()));
                Settings inEnvironment = SettingsReader.read(
                        component, List.of(), StandInMachine.in(folder, Map.of(key.variable(component), text)));
                assertThat(setting(flagged, key.name()).text())
                        .isEqualTo(setting(inEnvironment, key.name()).text())
                        .contains(key.secret() ? "***" : text);
                assertThat(setting(flagged, key.name()).origin().place()).isEqualTo(key.flag());
            }
        }
    }

    @Test
    void aSwitchMayStandAlone() {
        assertThat(MasterConfig.of(master(Map.of(), "--insecure")).security().insecure())
                .isTrue();
        assertThat(MasterConfig.of(master(Map.of(), "--insecure", "--port", "0"))
                        .security()
                        .insecure())
                .isTrue();
        assertThat(MasterConfig.of(master(Map.of(), "--insecure", "false"))
                        .security()
                        .insecure())
                .isFalse();
    }

    private List<String> gpuIds(Map<String, String> environment, String... flags) {
        return WorkerConfig.of(worker(environment, flags)).gpuIds();
    }

    @Test
    void gpusHaveNames() {
        Map<String, String> visible = Map.of("CUDA_VISIBLE_DEVICES", "3, GPU-5a,7,-1,8");
        assertThat(gpuIds(Map.of())).containsExactly("0", "1");
        assertThat(gpuIds(Map.of(), "--gpus", "0")).isEmpty();
        assertThat(gpuIds(Map.of(), "--gpus", "2.5")).containsExactly("0", "1", "2");
        assertThat(gpuIds(visible)).containsExactly("3", "GPU-5a");
        assertThat(gpuIds(visible, "--gpus", "1")).containsExactly("3");
        assertThat(gpuIds(visible, "--gpu-ids", "a,b,c")).containsExactly("a", "b", "c");
        assertRefused(ErrorCode.OPTION_INVALID, () -> gpuIds(visible, "--gpus", "4"), "--gpus", "3,GPU-5a,7 names 3");
        assertRefused(ErrorCode.OPTION_INVALID, () -> gpuIds(Map.of(), "--gpu-ids", "1,,2"), "expected names");
    }

    @Test
    void aWorkerMayKnowSeveralMasters() {
        assertThat(WorkerConfig.of(worker(Map.of(), "--master", "one, two:7071,[::1]:7072,one"))
                        .masters())
                .containsExactly(new Endpoint("one", 7070), new Endpoint("two", 7071), new Endpoint("::1", 7072));
        assertRefused(ErrorCode.OPTION_INVALID, () -> worker(Map.of(), "--master", "one,,two"), "with commas");
    }

    private JournalPlace journal(String... flags) {
        return MasterConfig.of(master(Map.of(), flags)).journal();
    }

    @Test
    void aJournalHasAPlace() {
        assertThat(journal("--data-dir", "here").store())
                .isEqualTo(Map.of(
                        "type",
                        "local",
                        "base_path",
                        folder.resolve("here/journal").toString()));
        assertThat(journal("--journal", "shared/j").folder()).contains(folder.resolve("shared/j"));
        assertThat(journal("--journal", "hdfs://name:9000/solstice/one").store())
                .isEqualTo(Map.of("type", "dfs", "base_path", "hdfs://name:9000/solstice/one"));
        assertThat(journal("--journal", "s3://bucket/masters/one", "--journal-options", "region=eu-1,path_style=true")
                        .store())
                .isEqualTo(Map.of(
                        "type", "s3",
                        "bucket", "bucket",
                        "prefix", "masters/one",
                        "region", "eu-1",
                        "path_style", "true"));
        assertThat(journal("--journal", "s3://bucket").store())
                .isEqualTo(Map.of("type", "s3", "bucket", "bucket", "prefix", ""));
        assertThat(journal("--journal", "s3://bucket").folder()).isEmpty();
        assertRefused(ErrorCode.OPTION_INVALID, () -> journal("--journal", "gs://bucket"), "s3://bucket/prefix");
        assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> journal("--journal", "s3://bucket", "--journal-options", "secret_access_key=x"),
                "it is a secret");
        assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> journal("--journal", "s3://bucket", "--journal-options", "bucket=other"),
                "says again");
    }

    @Test
    void pathsInAFileStartFromItsFolder() throws IOException {
        Path file = write("etc/m.yaml", "data_dir: ../journal\n");
        assertThat(MasterConfig.of(master(Map.of(), "--config", "etc/m.yaml")).dataDir())
                .isEqualTo(folder.resolve("journal"));
        assertThat(MasterConfig.of(master(Map.of("SOLSTICE_MASTER_CONFIG", file.toString())))
                        .dataDir())
                .isEqualTo(folder.resolve("journal"));
        assertThat(MasterConfig.of(master(Map.of(), "--data-dir", "here")).dataDir())
                .isEqualTo(folder.resolve("here"));
    }

    @Test
    void unknownKeysAreRefusedWithTheNearest() throws IOException {
        assertRefused(
                ErrorCode.OPTION_UNKNOWN, () -> master(Map.of(), "--bindhost", "x"), "did you mean '--bind-host'?");
        assertRefused(ErrorCode.OPTION_UNKNOWN, () -> master(Map.of(), "--bind_host", "x"), "did you mean");
        assertRefused(ErrorCode.OPTION_UNKNOWN, () -> master(Map.of(), "7071"));
        assertRefused(
                ErrorCode.OPTION_UNKNOWN,
                () -> worker(Map.of("SOLSTICE_WORKER_GPU", "1")),
                "the environment",
                "did you mean 'SOLSTICE_WORKER_GPUS'?");
        write("conf/worker.yaml", "\nmaser: h:1\n");
        assertRefused(ErrorCode.OPTION_UNKNOWN, () -> worker(Map.of()), "worker.yaml:2:1", "did you mean 'master'?");
    }

    @ParameterizedTest
    @CsvSource({
        "--heartbeat-timeout,3,expected a duration with its unit",
        "--heartbeat-timeout,3GiB,500ms",
        "--heartbeat-timeout,1ms,from 100ms to 1h",
        "--heartbeat-timeout,-3s,expected a duration",
        "--heartbeat-timeout,999999999999d,expected a duration",
        "--artifact-limit,8GB,'8GiB, 1TiB'",
        "--artifact-limit,1024,expected a size with its unit",
        "--port,70000,a whole number from 0 to 65535",
        "--bind-host,a:1,without a port",
        "--cluster-id,a b,letters",
        "--insecure,maybe,true or false",
        "--log-level,LOUD,'INFO, WARN'",
        "--data-dir,'',a path"
    })
    void valuesOfTheWrongFormAreRefusedWithTheAcceptedOnes(String flag, String value, String accepted) {
        assertRefused(
                ErrorCode.OPTION_INVALID, () -> master(Map.of(), flag + "=" + value), "default: ", flag, accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:0", "host:x", ":7070", "::1:7070", "a b:1", ""})
    void whatIsNoAddressOfAMasterIsRefused(String address) {
        assertRefused(ErrorCode.OPTION_INVALID, () -> worker(Map.of(), "--master=" + address), "expected host:port");
    }

    @Test
    void addressesOfMasters() {
        assertThat(WorkerConfig.of(worker(Map.of(), "--master", "far")).masters())
                .containsExactly(new Endpoint("far", 7070));
        assertThat(WorkerConfig.of(worker(Map.of(), "--master", "[::1]:9")).masters())
                .containsExactly(new Endpoint("::1", 9));
        assertThat(WorkerConfig.of(worker(Map.of(), "--master", "[::1]")).masters())
                .containsExactly(new Endpoint("::1", 7070));
    }

    @Test
    void everyInterfaceIsAdvertisedByTheMachinesName() {
        assertThat(MasterConfig.of(master(Map.of(), "--bind-host", "0.0.0.0"))
                        .listen()
                        .advertisedHost())
                .isEqualTo("node-7.lan");
        assertThat(MasterConfig.of(master(Map.of(), "--bind-host", "::"))
                        .listen()
                        .advertisedHost())
                .isEqualTo("node-7.lan");
        assertThat(MasterConfig.of(master(Map.of(), "--bind-host", "10.0.0.4"))
                        .listen()
                        .advertisedHost())
                .isEqualTo("10.0.0.4");
    }

    @Test
    void settingsThatDoNotGoTogetherAreRefused() {
        assertRefused(
                ErrorCode.OPTION_MISSING,
                () -> MasterConfig.of(master(Map.of(), "--tls-key", "k.pem")),
                "tls_certificate is not",
                "--tls-key");
        assertRefused(ErrorCode.OPTION_MISSING, () -> MasterConfig.of(master(Map.of(), "--tls-ca", "ca.pem")));
        assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> WorkerConfig.of(worker(Map.of(), "--reconnect-backoff-min", "6s")),
                "6s > 5s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port: [1]",
                "port: {a: b}",
                "- port",
                "port: 1\nport: 2",
                "port: !!java.net.URL x",
                "!!java.net.URL port: 1",
                "port: 1\n---\nport: 2",
                "port: *nobody",
                "\tport: 1"
            })
    void filesThatAreNotPlainKeysAndValuesAreRefused(String text) throws IOException {
        write("conf/master.yaml", text + "\n");
        assertRefused(ErrorCode.CONFIG_MALFORMED, () -> master(Map.of()), "master.yaml");
    }

    @Test
    void filesAreBounded() throws IOException {
        write("conf/master.yaml", "#".repeat(300_000));
        assertRefused(ErrorCode.CONFIG_MALFORMED, () -> master(Map.of()), "larger than");
        write("conf/master.yaml", "port: " + "[".repeat(200_000));
        assertRefused(ErrorCode.CONFIG_MALFORMED, () -> master(Map.of()));
        assertRefused(ErrorCode.CONFIG_NOT_FOUND, () -> master(Map.of(), "--config", "none.yaml"), "none.yaml");
    }

    @Test
    void aKeyWithoutAValueIsNotGiven() throws IOException {
        write("conf/master.yaml", "port:\ncluster_id: ~\nlog_level: 'warn'\n");
        assertThat(setting(master(Map.of()), "port").text()).isEqualTo("7070");
        assertThat(setting(master(Map.of()), "log_level").text()).isEqualTo("WARN");
        write("conf/master.yaml", "");
        assertThat(setting(master(Map.of()), "port").text()).isEqualTo("7070");
    }

    @Test
    void secretsAreNeverShown() throws IOException {
        Settings settings = worker(Map.of("SOLSTICE_WORKER_TOKEN", "s3cret"));
        assertThat(settings + settings.all().toString()).contains("token=***").doesNotContain("s3cret");
        assertThat(WorkerConfig.of(settings).toString()).contains("***").doesNotContain("s3cret");
        assertThat(WorkerConfig.of(settings).token().map(Secret::value)).contains("s3cret");
        assertThatThrownBy(() -> worker(Map.of(), "--token", "s3cret with blanks"))
                .message()
                .contains("'***'")
                .doesNotContain("s3cret");

        Path file = write("conf/worker.yaml", "token: s3cret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(ErrorCode.OPTION_INVALID, () -> worker(Map.of()), "chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(WorkerConfig.of(worker(Map.of())).token().map(Secret::value)).contains("s3cret");
    }

    @Test
    void unitsAreReadAndShown() {
        assertThat(setting(master(Map.of(), "--heartbeat-timeout", "1500ms"), "heartbeat_timeout")
                        .text())
                .isEqualTo("1500ms");
        assertThat(setting(master(Map.of(), "--heartbeat-timeout", "120 s"), "heartbeat_timeout")
                        .text())
                .isEqualTo("2m");
        assertThat(setting(master(Map.of(), "--scheduling-timeout", "0s"), "scheduling_timeout")
                        .text())
                .isEqualTo("0ms");
        assertThat(setting(worker(Map.of(), "--memory", "1536MiB", "--cpus", "2.5"), "memory")
                        .text())
                .isEqualTo("1536MiB");
        assertThat(setting(worker(Map.of(), "--cpus", "2.5"), "cpus").text()).isEqualTo("2.5");
    }
}
