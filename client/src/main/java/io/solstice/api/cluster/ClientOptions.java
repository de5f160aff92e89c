package io.solstice.api.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a master.
 *
 * @param masters where they listen: the one of the cluster, or all of which one leads
 * @param token proves who asks; null if the cluster asks nobody
 * @param tlsCa a PEM file with the certificates to trust; null for a connection without TLS
 * @param callTimeout how long one call may take
 * @param patience how long a call is tried again while the master cannot be reached
 */
public record ClientOptions(
        List<Endpoint> masters,
        @Nullable String token,
        @Nullable Path tlsCa,
        Duration callTimeout,
        Duration patience) {
    public static final int DEFAULT_PORT = 7070;
    private static final String DEFAULT_MASTER = "127.0.0.1";
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?:ray|http|https|grpc)://)?(\\[[0-9A-Fa-f:.%]+]|[^\\[\\]/:@\\s]+)(?::(\\d{1,5}))?/?");

    public ClientOptions {
        masters = List.copyOf(masters);
        if (masters.isEmpty()) {
            throw new IllegalArgumentException("no address of a master");
        }
    }

    /**
     * @param address {@code host:port}, {@code host} for port 7070, or {@code ray://host:port}; or several with commas
     *     in between, of which the one that leads is found
     */
    public static ClientOptions of(String address) {
        return new ClientOptions(endpoints(address), null, null, Duration.ofSeconds(20), Duration.ofSeconds(10));
    }

    /** Reads SOLSTICE_MASTER (default: 127.0.0.1:7070), SOLSTICE_TOKEN and SOLSTICE_TLS_CA. */
    public static ClientOptions fromEnvironment(Map<String, String> environment) {
        String address = environment.getOrDefault("SOLSTICE_MASTER", "");
        ClientOptions options = of(address.isEmpty() ? DEFAULT_MASTER : address);
        String token = environment.getOrDefault("SOLSTICE_TOKEN", "");
        String ca = environment.getOrDefault("SOLSTICE_TLS_CA", "");
        options = token.isEmpty() ? options : options.withToken(token);
        return ca.isEmpty() ? options : options.withTlsCa(Path.of(ca));
    }

    public ClientOptions withMaster(String address) {
        return new ClientOptions(endpoints(address), token, tlsCa, callTimeout, patience);
    }

    public ClientOptions withToken(String given) {
        return new ClientOptions(masters, given, tlsCa, callTimeout, patience);
    }

    public ClientOptions withTlsCa(Path pem) {
        return new ClientOptions(masters, token, pem, callTimeout, patience);
    }

    public ClientOptions withCallTimeout(Duration timeout) {
        return new ClientOptions(masters, token, tlsCa, timeout, patience);
    }

    /** Zero for a single try. */
    public ClientOptions withPatience(Duration howLong) {
        return new ClientOptions(masters, token, tlsCa, callTimeout, howLong);
    }

    /** {@code host:port}, of all masters with commas in between. */
    public String address() {
        return masters.stream().map(one -> one.host() + ":" + one.port()).collect(Collectors.joining(","));
    }

    private static List<Endpoint> endpoints(String addresses) {
        return Stream.of(addresses.split(",", -1))
                .map(ClientOptions::endpoint)
                .distinct()
                .toList();
    }

    private static Endpoint endpoint(String address) {
        Matcher parts = ADDRESS.matcher(address.strip());
        if (!parts.matches()) {
            throw invalid(address);
        }
        int port = parts.group(2) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(2));
        if (port < 1 || port > 65_535) {
            throw invalid(address);
        }
        return new Endpoint(parts.group(1), port);
    }

    private static SolsticeException invalid(String address) {
        return ErrorCode.OPTION_INVALID
                .error("'" + address + "' is not the address of a master")
                .cause("expected host:port, with a port from 1 to 65535")
                .help("for example 127.0.0.1:" + DEFAULT_PORT + "; several with commas in between")
                .toException();
    }

    /** Without the token, which must not get into a log. */
    @Override
    public String toString() {
        return address() + (token == null ? "" : ", with a token") + (tlsCa == null ? "" : ", trusting " + tlsCa);
    }
}
