package io.solstice.common.rpc;

import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.solstice.common.config.Secret;
import io.solstice.common.config.Security.TlsFiles;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A connection to one of our servers, made when the first call needs it and made anew when it broke. */
public final class RpcClient implements AutoCloseable {
    private static final long GRACE_MILLIS = 1000;
    private static final int IO_THREADS = 1;
    /** Larger than the servers' own limit, because errors travel in trailers. */
    private static final int METADATA_BYTES = 64 << 10;

    private final ManagedChannel channel;
    private final @Nullable Transport ownTransport;
    private final String server;

    private RpcClient(ManagedChannel channel, @Nullable Transport ownTransport, String server) {
        this.channel = channel;
        this.ownTransport = ownTransport;
        this.server = server;
    }

    /** @param kind what is called, for messages: {@code master} or {@code worker} */
    public static Builder to(String kind, Endpoint server) {
        return new Builder(kind, server);
    }

    /** For the generated stubs. */
    public ManagedChannel channel() {
        return channel;
    }

    /** Makes a call that waits for its answer; what goes wrong is thrown as the server coded it. */
    public <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException failed) {
            throw decode(failed);
        }
    }

    /** What went wrong with a call on {@link #channel()}, as the server coded it. */
    public SolsticeException decode(Throwable failed) {
        return RpcErrors.decode(failed, server);
    }

    @Override
    public void close() {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                channel.shutdownNow().awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException hurried) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (ownTransport != null) {
            ownTransport.close();
        }
    }

    /** What a client is made of. */
    public static final class Builder {
        private final String kind;
        private final Endpoint server;
        private Optional<TlsFiles> own = Optional.empty();
        private Optional<Path> authority = Optional.empty();
        private boolean tls;
        private Optional<Secret> token = Optional.empty();
        private int messageBytes = 16 << 20;
        private Clock clock = Clock.SYSTEM;
        private @Nullable Transport transport;
        private UnaryOperator<NettyChannelBuilder> tuning = UnaryOperator.identity();

        private Builder(String kind, Endpoint server) {
            this.kind = kind;
            this.server = server;
        }

        /** TLS, showing the certificate of this process. */
        public Builder tls(Optional<TlsFiles> files) {
            own = files;
            authority = files.flatMap(TlsFiles::authority);
            tls = files.isPresent();
            return this;
        }

        /** TLS, showing no certificate; nothing means the authorities that Java knows. */
        public Builder tlsTrusting(Optional<Path> signer) {
            authority = signer;
            tls = true;
            return this;
        }

        public Builder token(Optional<Secret> shown) {
            token = shown;
            return this;
        }

        /** The largest answer that is accepted. */
        public Builder messageLimit(int bytes) {
            messageBytes = bytes;
            return this;
        }

        /** Whose time decides whether a certificate has expired. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /** Threads to share with others; the client does not close them. */
        public Builder transport(Transport shared) {
            transport = shared;
            return this;
        }

        /** What is sent over the connection needs of it, such as larger windows. */
        public Builder tuning(UnaryOperator<NettyChannelBuilder> value) {
            tuning = value;
            return this;
        }

        /** Connects nothing yet; refuses files that cannot be used. */
        public RpcClient build() {
            ChannelCredentials credentials =
                    tls ? TlsMaterial.channel(own, authority, clock) : InsecureChannelCredentials.create();
            @Nullable Transport opened = transport == null ? Transport.open(IO_THREADS) : null;
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress(server.host(), server.port(), credentials)
                    // the cluster is reached directly, whatever proxies the machine has
                    .proxyDetector(target -> null)
                    .maxInboundMessageSize(messageBytes)
                    .maxInboundMetadataSize(METADATA_BYTES)
                    .keepAliveTime(10, TimeUnit.SECONDS)
                    .keepAliveTimeout(5, TimeUnit.SECONDS);
            on(builder, transport == null ? opened : transport);
            token.ifPresent(secret -> builder.intercept(showing(secret)));
            return new RpcClient(tuning.apply(builder).build(), opened, kind + " at " + server);
        }

        private static void on(NettyChannelBuilder builder, @Nullable Transport transport) {
            if (transport != null) {
                builder.channelType(transport.connections()).eventLoopGroup(transport.threads());
            }
        }

        private static ClientInterceptor showing(Secret token) {
            Metadata headers = new Metadata();
            headers.put(CallerCheck.AUTHORIZATION, CallerCheck.BEARER + token.value());
            return MetadataUtils.newAttachHeadersInterceptor(headers);
        }
    }
}
