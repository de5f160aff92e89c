package io.solstice.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Secret;
import io.solstice.common.config.Security;
import io.solstice.common.config.Security.TlsFiles;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with TLS, certificates and tokens, called by those who have them and those who have not. */
class RpcSecurityTest {
    private static final Listen LOOPBACK = new Listen("127.0.0.1", 0, "127.0.0.1", 64 << 10);
    private static final String ADA = "ada-0123456789abcdef";

    @TempDir
    Path folder;

    private final EchoService echo = new EchoService();
    private final EchoService link = new EchoService("solstice.test.Link");
    private TestAuthority authority;

    @BeforeEach
    void begin() throws IOException, GeneralSecurityException {
        authority = new TestAuthority(folder, "cluster");
    }

    private Path tokens() throws IOException {
        Path file =
                Files.writeString(folder.resolve("tokens"), "# users\nada: " + ADA + "\nbob:bob-0123456789abcdef\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private RpcServer server(Optional<TlsFiles> tls, Optional<Path> tokens) {
        return RpcServer.builder(Component.MASTER, LOOPBACK, new Security(tls, tokens, false))
                .service(echo)
                .processService(link)
                .start();
    }

    private static RpcClient.Builder to(RpcServer server) {
        return RpcClient.to("master", server.endpoint());
    }

    private String who(RpcClient.Builder builder, EchoService service) {
        try (RpcClient client = builder.build()) {
            return client.call(() -> service.say(client.channel(), "who", ""));
        }
    }

    private void assertRefused(RpcClient.Builder builder, EchoService service, String... parts) {
        assertThatThrownBy(() -> who(builder, service))
                .isInstanceOf(SolsticeException.class)
                .message()
                .contains(parts);
    }

    @Test
    void tokensSayWhoCalls() throws IOException {
        try (RpcServer server = server(Optional.empty(), Optional.of(tokens()))) {
            assertThat(who(to(server).token(Optional.of(new Secret(ADA))), echo))
                    .isEqualTo("USER ada");
            assertThat(who(to(server).token(Optional.of(new Secret(ADA))), link))
                    .isEqualTo("USER ada");
            assertThat(server.banner()).contains("no TLS, tokens of 2 users (this machine only)");
            String none = refusal(to(server));
            String wrong = refusal(to(server).token(Optional.of(new Secret(ADA + "x"))));
            assertThat(none).isEqualTo(wrong).contains("SOL-4207", "Bearer").doesNotContain("ada");
        }
    }

    private String refusal(RpcClient.Builder builder) {
        try {
            return who(builder, echo);
        } catch (SolsticeException refused) {
            return refused.error().display();
        }
    }

    @Test
    void everyMethodIsRefusedWithoutCredentials() throws Exception {
        try (RpcServer server = server(Optional.empty(), Optional.of(tokens()));
                RpcClient client = to(server).build()) {
            CredentialWalk.everyMethodIsRefused(server, client.channel());
            HealthGrpc.newBlockingStub(client.channel()).check(HealthCheckRequest.getDefaultInstance());
        }
        try (RpcServer server = server(Optional.of(authority.issue("master")), Optional.empty());
                RpcClient client = to(server)
                        .tlsTrusting(Optional.of(authority.certificate()))
                        .build()) {
            CredentialWalk.everyMethodIsRefused(server, client.channel());
        }
    }

    @Test
    void certificatesSayWhichProcessCalls() throws Exception {
        try (RpcServer server = server(Optional.of(authority.issue("master")), Optional.of(tokens()))) {
            Optional<TlsFiles> worker = Optional.of(authority.issue("worker-1"));
            assertThat(who(to(server).tls(worker), link)).isEqualTo("PROCESS CN=worker-1");
            assertThat(who(to(server).tls(worker), echo)).isEqualTo("PROCESS CN=worker-1");

            RpcClient.Builder user =
                    to(server).tlsTrusting(Optional.of(authority.certificate())).token(Optional.of(new Secret(ADA)));
            assertThat(who(user, echo)).isEqualTo("USER ada");
            assertRefused(user, link, "SOL-4207", "only processes of the cluster", "tls_ca");
        }
    }

    @Test
    void certificatesOfOtherAuthoritiesAreRefused() throws Exception {
        TestAuthority other = new TestAuthority(Files.createDirectory(folder.resolve("other")), "cluster");
        TlsFiles stranger = other.issue("stranger");
        TlsFiles trusting = new TlsFiles(stranger.certificate(), stranger.key(), Optional.of(authority.certificate()));
        try (RpcServer server = server(Optional.of(authority.issue("master")), Optional.of(tokens()))) {
            assertRefused(to(server).tls(Optional.of(trusting)), link, "SOL-4206");
            assertRefused(to(server).tls(Optional.of(stranger)), link, "SOL-4206", "TLS: ", "tls_ca");
            assertRefused(to(server).tlsTrusting(Optional.empty()), echo, "SOL-4206", "TLS: ");
            assertRefused(to(server), echo, "SOL-4206", "does one side use TLS");
        }
        try (RpcServer plain = server(Optional.empty(), Optional.empty())) {
            assertRefused(to(plain).tlsTrusting(Optional.empty()), echo, "SOL-4206");
        }
    }

    @Test
    void filesAreLookedAtWhenTheServerStarts() throws Exception {
        TlsFiles good = authority.issue("master");
        Instant now = Instant.now();
        TlsFiles expired = authority.issue("old", now.minus(9, ChronoUnit.DAYS), now.minus(1, ChronoUnit.DAYS));
        TlsFiles early = authority.issue("new", now.plus(1, ChronoUnit.DAYS), now.plus(2, ChronoUnit.DAYS));
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path pkcs1 = Files.writeString(
                folder.resolve("rsa.pem"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        Path damaged = Files.writeString(
                folder.resolve("damaged.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertInvalid(expired, "old.pem", "CN=old expired at", "renew");
        assertInvalid(early, "CN=new is not valid before", "clock");
        assertInvalid(with(good, expired.key()), "tls_key", "not the key of the certificate");
        assertInvalid(with(good, empty), "tls_key", "PKCS #8");
        assertInvalid(with(good, pkcs1), "openssl pkcs8");
        assertInvalid(with(good, folder.resolve("none.pem")), "none.pem", "cannot be read");
        assertInvalid(new TlsFiles(empty, good.key(), Optional.empty()), "tls_certificate", "BEGIN CERTIFICATE");
        assertInvalid(new TlsFiles(damaged, good.key(), Optional.empty()), "damaged");
        assertInvalid(new TlsFiles(good.certificate(), good.key(), Optional.of(good.key())), "tls_ca");
    }

    @Test
    void oneFileMayHoldCertificateAndKey() throws Exception {
        TlsFiles apart = authority.issue("master");
        Path both = Files.writeString(
                folder.resolve("both.pem"), Files.readString(apart.certificate()) + Files.readString(apart.key()));
        try (RpcServer server = server(Optional.of(new TlsFiles(both, both, Optional.empty())), Optional.empty())) {
            assertThat(who(to(server).tlsTrusting(Optional.of(authority.certificate())), echo))
                    .isEqualTo("ANONYMOUS anonymous");
        }
    }

    private static TlsFiles with(TlsFiles files, Path key) {
        return new TlsFiles(files.certificate(), key, files.authority());
    }

    private void assertInvalid(TlsFiles files, String... parts) {
        assertThatThrownBy(() -> server(Optional.of(files), Optional.empty()))
                .isInstanceOf(SolsticeException.class)
                .message()
                .contains("SOL-4204")
                .contains(parts);
    }

    @Test
    void anAddressThatOthersReachNeedsBoth() throws Exception {
        Listen everywhere = new Listen("0.0.0.0", 0, "here", 64 << 10);
        Optional<TlsFiles> tls = Optional.of(authority.issue("master"));
        Optional<TlsFiles> withoutAuthority =
                tls.map(files -> new TlsFiles(files.certificate(), files.key(), Optional.empty()));
        assertThatThrownBy(() -> BindRules.check(
                        Component.MASTER, everywhere, new Security(Optional.empty(), Optional.empty(), false)))
                .message()
                .contains("SOL-4203", "conf/master.yaml", "tls_certificate: ", "tokens_file: ", "insecure: true");
        assertThatThrownBy(() -> BindRules.check(
                        Component.WORKER, everywhere, new Security(withoutAuthority, Optional.empty(), false)))
                .message()
                .contains("conf/worker.yaml", "tokens_file: ")
                .doesNotContain("tls_certificate");
        BindRules.check(Component.MASTER, everywhere, new Security(tls, Optional.empty(), false));
        BindRules.check(Component.MASTER, everywhere, new Security(withoutAuthority, Optional.of(tokens()), false));
        Security insecure = new Security(Optional.empty(), Optional.empty(), true);
        try (RpcServer server =
                RpcServer.builder(Component.MASTER, everywhere, insecure).start()) {
            assertThat(server.banner()).contains("INSECURE, as configured");
        }
        for (String loopback : new String[] {"127.0.0.1", "localhost", "::1", "127.9.9.9"}) {
            Security nothing = new Security(Optional.empty(), Optional.empty(), false);
            BindRules.check(Component.MASTER, new Listen(loopback, 0, "here", 64 << 10), nothing);
        }
    }
}
