package io.solstice.common.config;

import io.solstice.common.config.Security.TlsFiles;
import io.solstice.common.config.ValueType.Unit;
import io.solstice.common.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys that master and worker share, and what is made of them. */
final class CommonKeys {
    private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    static final Key<String> CLUSTER_ID = Key.of(
            "cluster_id",
            ValueType.id(),
            "solstice",
            "Name of the cluster; masters and workers of different clusters refuse each other.");
    static final Key<String> BIND_HOST = Key.of(
            "bind_host",
            ValueType.host(),
            "127.0.0.1",
            "Address to listen on. Any other than loopback needs TLS and tokens, or insecure: true.");
    static final Key<String> ADVERTISED_HOST = Key.computed(
            "advertised_host",
            ValueType.host(),
            "bind_host, or the machine's name where that is 0.0.0.0",
            (earlier, here) -> EVERY_INTERFACE.contains(earlier.value(BIND_HOST))
                    ? here.machine().hostName()
                    : earlier.value(BIND_HOST),
            "Address that other processes are told to connect to.");
    static final Key<Path> TLS_CERTIFICATE =
            Key.optional("tls_certificate", ValueType.path(), "PEM file with this process's certificate chain.");
    static final Key<Path> TLS_KEY = Key.optional(
            "tls_key",
            ValueType.path(),
            "PEM file with the certificate's private key (PKCS #8), if that is not in the same file.");
    static final Key<Path> TLS_CA = Key.optional(
            "tls_ca",
            ValueType.path(),
            "PEM file with the authority that signed the certificates of the cluster's processes.");
    static final Key<Path> TOKENS_FILE = Key.optional(
            "tokens_file",
            ValueType.path(),
            "File of the users who may call, one name:token a line, readable by its owner alone.");
    static final Key<Boolean> INSECURE = Key.of(
            "insecure",
            ValueType.truth(),
            false,
            "Allow an address other than loopback without TLS and tokens: for closed networks only.");
    static final Key<Long> ARTIFACT_CACHE = Key.of(
            "artifact_cache",
            size("0B", "1024TiB"),
            2L << 30,
            "How much disk the artifacts of ended jobs may take; the longest unused are deleted first.");
    static final Key<String> LOG_LEVEL = Key.of(
            "log_level",
            ValueType.oneOf(List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF")),
            "INFO",
            "What is logged: TRACE, DEBUG, INFO, WARN, ERROR or OFF.");

    private CommonKeys() {}

    static Key<Integer> port(int fallback) {
        return Key.of("port", ValueType.whole(0, 65_535), fallback, "Port to listen on; 0 takes a free one.");
    }

    static Key<Duration> duration(String name, String fallback, String min, String max, String description) {
        ValueType<Duration> type = ValueType.measured(Unit.Kind.DURATION, min, max)
                .as(Duration.class, Duration::ofMillis, Duration::toMillis);
        Duration value =
                Duration.ofMillis(Unit.read(Unit.Kind.DURATION, fallback).orElseThrow());
        return Key.of(name, type, value, description);
    }

    static ValueType<Long> size(String min, String max) {
        return ValueType.measured(Unit.Kind.SIZE, min, max);
    }

    static Key<Long> messageLimit(String fallback) {
        return Key.of(
                "message_limit",
                size("64KiB", "1GiB"),
                Unit.read(Unit.Kind.SIZE, fallback).orElseThrow(),
                "Largest single message that is accepted from another process.");
    }

    static Listen listen(Settings settings, Key<Integer> port, Key<Long> messageLimit) {
        return new Listen(
                settings.value(BIND_HOST),
                settings.value(port),
                settings.value(ADVERTISED_HOST),
                settings.value(messageLimit).intValue());
    }

    static Security security(Settings settings) {
        Optional<Path> certificate = settings.find(TLS_CERTIFICATE);
        Optional<Path> key = settings.find(TLS_KEY);
        for (Key<Path> given : List.of(TLS_KEY, TLS_CA)) {
            if (settings.find(given).isPresent() && certificate.isEmpty()) {
                throw ErrorCode.OPTION_MISSING
                        .error(given.name() + " is given, tls_certificate is not")
                        .where(settings.origin(given).place())
                        .cause("TLS needs this process's own certificate")
                        .help("add tls_certificate, or leave out " + given.name())
                        .toException();
            }
        }
        return new Security(
                certificate.map(file -> new TlsFiles(file, key.orElse(file), settings.find(TLS_CA))),
                settings.find(TOKENS_FILE),
                settings.value(INSECURE));
    }
}
