package io.solstice.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.config.Secret;
import io.solstice.common.config.Security;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.CredentialWalk;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.wire.SpecCodec;
import io.solstice.master.cluster.Specs;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.SubmitJobRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MasterSecurityTest {
    private static final String TOKEN = "ada-0123456789abcdef";

    @TempDir
    Path directory;

    private Security tokens() throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), "ada: " + TOKEN + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return new Security(Optional.empty(), Optional.of(file), false);
    }

    @Test
    void noMethodOfAnyServiceAnswersWithoutCredentials() throws Exception {
        try (LiveMaster master = new LiveMaster(directory.resolve("data"), tokens())) {
            CredentialWalk.everyMethodIsRefused(master.server(), master.client().channel());
        }
    }

    @Test
    void theSubmitterIsWhoseTokenItIsWhateverTheRequestSays() throws Exception {
        try (LiveMaster master = new LiveMaster(directory.resolve("data"), tokens());
                RpcClient ada = RpcClient.to("master", new Endpoint("127.0.0.1", master.port()))
                        .token(Optional.of(new Secret(TOKEN)))
                        .build()) {
            var jobs = JobServiceGrpc.newBlockingStub(ada.channel());
            jobs.submitJob(SubmitJobRequest.newBuilder()
                    .setSpec(SpecCodec.toProto(Specs.large("j", 10)))
                    .build());
            assertThat(jobs.getJob(GetJobRequest.newBuilder().setJobId("j").build())
                            .getSubmitter())
                    .isEqualTo("ada");
        }
    }
}
