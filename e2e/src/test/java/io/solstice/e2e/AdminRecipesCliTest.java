package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.WorkerId;
import io.solstice.common.logging.LogLevels;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.rpc.RpcServer;
import io.solstice.common.rpc.TestAuthority;
import io.solstice.common.wire.SpecCodec;
import io.solstice.master.cluster.Specs;
import io.solstice.master.rpc.LiveMaster;
import io.solstice.master.rpc.ScriptedWorker;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.SubmitJobRequest;
import io.solstice.worker.rpc.WorkerAdminRpc;
import io.solstice.worker.rpc.WorkerStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command of docs/admin.md, in the order in which it stands there, against a living master and worker. */
@Timeout(120)
class AdminRecipesCliTest {
    private static final Path ROOT = Path.of(System.getProperty("solstice.root", ".."));
    private static final Path DOCUMENT = ROOT.resolve("docs/admin.md");
    private static final String TOKEN = "ada-0123456789abcdef";
    private static final Security OPEN = new Security(Optional.empty(), Optional.empty(), false);

    @TempDir
    Path folder;

    private final Map<String, Endpoint> addresses = new HashMap<>();

    @AfterEach
    void asItWas() {
        LogLevels.set("io.solstice.master", "INFO");
        LogLevels.set("io.solstice.worker", "INFO");
    }

    private void at(String documented, int port) {
        addresses.put(documented, new Endpoint("127.0.0.1", port));
    }

    private Endpoint address(String documented) {
        Endpoint real = addresses.get(documented);
        if (real == null) {
            throw new AssertionError("the document names a server that the test does not have: " + documented);
        }
        return real;
    }

    private Security secured() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "cluster");
        Files.copy(authority.certificate(), folder.resolve("ca.pem"));
        Path tokens = Files.writeString(folder.resolve("tokens"), "ada: " + TOKEN + "\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        return new Security(Optional.of(authority.issue("master")), Optional.of(tokens), false);
    }

    private static RpcServer worker() {
        WorkerStatus status = new WorkerStatus(
                new WorkerId("worker-1"),
                "1",
                "default",
                "localhost:7070",
                "CONNECTED",
                1,
                Resources.DEFAULT,
                0,
                List.of(),
                0);
        return RpcServer.builder(Component.WORKER, new Listen("127.0.0.1", 0, "127.0.0.1", 1 << 20), OPEN)
                .service(new WorkerAdminRpc(() -> CompletableFuture.completedFuture(status)))
                .start();
    }

    private void runJob(LiveMaster master, String id) {
        Map<String, String> backend =
                Map.of("type", "local", "base_path", folder.resolve("state").toString());
        Program program = new Program(List.of(), "W", Map.of(), backend);
        JobSpec spec = new JobSpec(Specs.large(id, 10).graph(), program, "request-" + id, "");
        master.jobs()
                .submitJob(SubmitJobRequest.newBuilder()
                        .setSpec(SpecCodec.toProto(spec))
                        .build());
        GetJobRequest job = GetJobRequest.newBuilder().setJobId(id).build();
        await().until(() -> master.jobs().getJob(job).getState() == JobState.RUNNING);
    }

    @Test
    void everyRecipeWorksAndItsAnswerHasTheFieldsThatAreShown() throws Exception {
        try (LiveMaster master = new LiveMaster(folder.resolve("open"));
                LiveMaster secured = new LiveMaster(folder.resolve("secured"), secured());
                ScriptedWorker joined = ScriptedWorker.registered(master, "worker-1");
                RpcServer worker = worker()) {
            runJob(master, "nightly-etl");
            at("localhost:7070", master.port());
            at("localhost:7071", worker.port());
            at("master.example.com:7070", secured.port());
            Grpcurl grpcurl = new Grpcurl(this::address, folder);

            List<String> called = new ArrayList<>();
            for (Recipes.Recipe recipe : Recipes.of(DOCUMENT, Map.of("SOLSTICE_TOKEN", TOKEN))) {
                assertThat(recipe.words().get(0)).isEqualTo("grpcurl");
                List<String> arguments =
                        recipe.words().subList(1, recipe.words().size());
                joined.beat(called.size());
                String answer = grpcurl.run(arguments);
                called.add(arguments.get(arguments.size() - 1));
                for (String field : recipe.shownFields()) {
                    assertThat(answer).as("%s", arguments).contains("\"" + field + "\":");
                }
            }
            assertThat(called)
                    .contains(
                            "list",
                            "grpc.health.v1.Health/Check",
                            "solstice.v1.AdminService/GetCluster",
                            "solstice.v1.JobService/ListJobs",
                            "solstice.v1.AdminService/DescribeJob",
                            "solstice.v1.JobService/ReadJobLog",
                            "solstice.v1.CheckpointService/TakeCheckpoint",
                            "solstice.v1.CheckpointService/ListCheckpoints",
                            "solstice.v1.CheckpointService/GetCheckpoint",
                            "solstice.v1.CheckpointService/DeleteCheckpoints",
                            "solstice.v1.AdminService/CancelJob",
                            "solstice.v1.AdminService/ListWorkers",
                            "solstice.v1.AdminService/DescribeWorker",
                            "solstice.v1.AdminService/DrainWorker",
                            "solstice.v1.AdminService/SetLogLevel",
                            "solstice.v1.WorkerAdminService/GetWorker",
                            "solstice.v1.WorkerAdminService/SetLogLevel");
        }
    }

    @Test
    void whatAnAnswerSaysIsTrue() throws Exception {
        try (LiveMaster master = new LiveMaster(folder.resolve("open"));
                LiveMaster secured = new LiveMaster(folder.resolve("secured"), secured());
                ScriptedWorker joined = ScriptedWorker.registered(master, "worker-1")) {
            assertThat(joined).isNotNull();
            runJob(master, "nightly-etl");
            at("m", master.port());
            at("s", secured.port());
            Grpcurl grpcurl = new Grpcurl(this::address, folder);

            assertThat(grpcurl.run(List.of("-plaintext", "m", "list")).lines())
                    .contains(
                            "grpc.health.v1.Health",
                            "grpc.reflection.v1.ServerReflection",
                            "solstice.v1.AdminService",
                            "solstice.v1.CheckpointService",
                            "solstice.v1.JobService",
                            "solstice.v1.WorkerLink");
            assertThat(grpcurl.run(List.of("-plaintext", "m", "describe", "solstice.v1.Worker")))
                    .contains("silent_millis", "registered_millis");
            String job = "{\"job_id\": \"nightly\"}";
            assertThat(grpcurl.run(List.of("-plaintext", "-d", job, "m", "solstice.v1.AdminService/CancelJob")))
                    .contains("CANCEL");
            assertThat(grpcurl.run(List.of(
                            "-plaintext",
                            "-d",
                            "{\"worker_id\": \"worker-1\"}",
                            "m",
                            "solstice.v1.AdminService/DrainWorker")))
                    .containsPattern("DRAINING|DRAINED");
            String level = "{\"logger\": \"io.solstice.master\", \"level\": \"debug\"}";
            List<String> set = List.of("-plaintext", "-d", level, "m", "solstice.v1.AdminService/SetLogLevel");
            grpcurl.run(set);
            assertThat(grpcurl.run(set)).contains("\"previousLevel\": \"DEBUG\"");
            assertThatThrownBy(() -> grpcurl.run(List.of(
                            "-plaintext", "-d", "{\"job_id\": \"none\"}", "m", "solstice.v1.JobService/GetJob")))
                    .hasMessageContaining("NOT_FOUND")
                    .hasMessageContaining("SOL-4106");
            assertThatThrownBy(() -> grpcurl.run(List.of("-cacert", "ca.pem", "s", "list")))
                    .hasMessageContaining("UNAUTHENTICATED");
        }
    }
}
