package io.solstice.common.rpc;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC server that is safe by default: its address follows {@link BindRules}, its callers are checked, its limits are
 * set, and it answers questions about its health and its services. Owns the threads that serve calls.
 */
public final class RpcServer implements AutoCloseable {
    private static final long GRACE_MILLIS = 2000;
    private static final int IO_THREADS = 2;
    private static final int CALL_THREADS = 16;
    private static final long IDLE_SECS = 30;

    private final Server server;
    private final HealthStatusManager health;
    private final ExecutorService calls;
    private final @Nullable Transport ownTransport;
    private final Listen listen;
    private final String banner;

    private RpcServer(
            Server server,
            HealthStatusManager health,
            ExecutorService calls,
            @Nullable Transport ownTransport,
            Listen listen,
            String banner) {
        this.server = server;
        this.health = health;
        this.calls = calls;
        this.ownTransport = ownTransport;
        this.listen = listen;
        this.banner = banner;
    }

    public static Builder builder(Component component, Listen listen, Security security) {
        return new Builder(component, listen, security);
    }

    /** The port that it listens on, also if any free one was asked for. */
    public int port() {
        return server.getPort();
    }

    /** What other processes connect to. */
    public Endpoint endpoint() {
        return new Endpoint(listen.advertisedHost(), port());
    }

    /** One line that says how it is secured, for the log of the start. */
    public String banner() {
        return banner;
    }

    /** All that can be called, with their methods. */
    public List<ServerServiceDefinition> services() {
        return server.getServices();
    }

    /** @param service a full name, or empty for the server as a whole */
    public void setServing(String service, boolean serving) {
        health.setStatus(service, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Refuses new calls, lets those under way end for a moment, then breaks them off. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException hurried) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        calls.shutdown();
        if (ownTransport != null) {
            ownTransport.close();
        }
    }

    /** What a server is made of. */
    public static final class Builder {
        private final Component component;
        private final Listen listen;
        private final Security security;
        private final List<BindableService> services = new ArrayList<>();
        private final Set<String> processServices = new HashSet<>();
        private RpcLimits limits;
        private Clock clock = Clock.SYSTEM;
        private @Nullable Transport transport;
        private boolean serving = true;
        private UnaryOperator<NettyServerBuilder> tuning = UnaryOperator.identity();

        private Builder(Component component, Listen listen, Security security) {
            this.component = component;
            this.listen = listen;
            this.security = security;
            this.limits = RpcLimits.of(listen.messageLimitBytes());
        }

        /** A service for users with a token, and for processes of the cluster. */
        public Builder service(BindableService service) {
            services.add(service);
            return this;
        }

        /** A service for processes of the cluster alone, where they can be told from users by a certificate. */
        public Builder processService(BindableService service) {
            processServices.add(service.bindService().getServiceDescriptor().getName());
            return service(service);
        }

        public Builder limits(RpcLimits value) {
            limits = value;
            return this;
        }

        /** Whose time decides whether a certificate has expired. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /** Threads to share with clients of the same process; the server does not close them. */
        public Builder transport(Transport shared) {
            transport = shared;
            return this;
        }

        /** Whether it says at first that it serves; later {@link #setServing} does. */
        public Builder serving(boolean value) {
            serving = value;
            return this;
        }

        /** What a service needs of the connections, such as larger windows; comes after the limits. */
        public Builder tuning(UnaryOperator<NettyServerBuilder> value) {
            tuning = value;
            return this;
        }

        /** Starts to listen; a {@link SolsticeException} says why if it cannot, and nothing is left behind. */
        public RpcServer start() {
            InetSocketAddress address = BindRules.check(component, listen, security);
            Optional<Tokens> tokens = security.tokensFile().map(Tokens::read);
            boolean certificates = BindRules.checksCertificates(security);
            ServerCredentials credentials = security.tls()
                    .map(files -> TlsMaterial.server(files, clock))
                    .orElseGet(InsecureServerCredentials::create);
            @Nullable Transport own = transport == null ? Transport.open(IO_THREADS) : null;
            ExecutorService calls = callThreads();
            HealthStatusManager health = new HealthStatusManager();
            health.setStatus(
                    HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                    serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
            NettyServerBuilder builder = tuning.apply(limited(NettyServerBuilder.forAddress(address, credentials)))
                    .executor(calls)
                    .intercept(new ErrorReplies())
                    .intercept(new CallerCheck(tokens, certificates, processServices))
                    .addService(health.getHealthService())
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .addService(olderReflection());
            on(builder, transport == null ? own : transport);
            services.forEach(builder::addService);
            Server server = builder.build();
            try {
                server.start();
            } catch (IOException failed) {
                calls.shutdown();
                if (own != null) {
                    own.close();
                }
                throw cannotBind(address, failed);
            }
            String banner =
                    BindRules.banner(address, security, tokens.map(Tokens::size).orElse(0));
            return new RpcServer(server, health, calls, own, listen, banner);
        }

        private static void on(NettyServerBuilder builder, @Nullable Transport transport) {
            if (transport != null) {
                builder.channelType(transport.acceptors())
                        .bossEventLoopGroup(transport.threads())
                        .workerEventLoopGroup(transport.threads());
            }
        }

        private NettyServerBuilder limited(NettyServerBuilder builder) {
            return builder.maxInboundMessageSize(limits.messageBytes())
                    .maxInboundMetadataSize(limits.metadataBytes())
                    .maxConcurrentCallsPerConnection(limits.callsPerConnection())
                    .maxRstFramesPerWindow(limits.resetsPerMinute(), 60)
                    .handshakeTimeout(10, TimeUnit.SECONDS)
                    .keepAliveTime(limits.keepalive().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(limits.keepaliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .permitKeepAliveTime(limits.keepalive().toMillis() / 2, TimeUnit.MILLISECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .maxConnectionAge(limits.connectionAge().toMillis(), TimeUnit.MILLISECONDS);
        }

        /** As many as there are calls, up to a limit; none while nobody calls. */
        private ExecutorService callThreads() {
            AtomicInteger number = new AtomicInteger();
            ThreadPoolExecutor threads = new ThreadPoolExecutor(
                    CALL_THREADS, CALL_THREADS, IDLE_SECS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(task, component.label() + "-rpc-" + number.incrementAndGet());
                        thread.setDaemon(true);
                        return thread;
                    });
            threads.allowCoreThreadTimeOut(true);
            return threads;
        }

        /** Many tools still ask in the older dialect, in which grpcurl itself began. */
        @SuppressWarnings("deprecation")
        private static BindableService olderReflection() {
            return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
        }

        private SolsticeException cannotBind(InetSocketAddress address, IOException failed) {
            String reason = String.valueOf(
                    failed.getCause() == null
                            ? failed.getMessage()
                            : failed.getCause().getMessage());
            if (reason.contains("in use")) {
                return ErrorCode.PORT_IN_USE
                        .error("port " + listen.port() + " is taken")
                        .where(listen.bindHost() + ":" + listen.port())
                        .cause(PortHolder.of(listen.port())
                                .map(holder -> "it is held by " + holder)
                                .orElse("another process listens on it"))
                        .help("stop that process, or start with another port: --port " + (listen.port() + 1)
                                + ", or --port 0 for any free one")
                        .toException(failed);
            }
            return ErrorCode.BIND_FAILED
                    .error("cannot listen on " + address.getAddress().getHostAddress() + ":" + listen.port())
                    .where("bind_host: " + listen.bindHost() + ", port: " + listen.port())
                    .cause(reason)
                    .help("give an address of this machine, and a port above 1023 unless you may use the lower ones")
                    .toException(failed);
        }
    }
}
