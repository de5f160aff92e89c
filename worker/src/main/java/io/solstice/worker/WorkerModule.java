package io.solstice.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.grpc.netty.NettyChannelBuilder;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.rpc.Transport;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import io.solstice.worker.code.ArtifactCache;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.code.WorkflowPrograms;
import io.solstice.worker.flight.FlightEndpoints;
import io.solstice.worker.link.GrpcMasterPort;
import io.solstice.worker.link.MasterArtifacts;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** What a worker's process is made of. */
final class WorkerModule extends AbstractModule {
    private static final int WAITING_REPORTS = 10_000;

    private final WorkerConfig config;

    WorkerModule(WorkerConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        bind(WorkerConfig.class).toInstance(config);
        bind(Clock.class).toInstance(Clock.SYSTEM);
    }

    @Provides
    @Singleton
    Transport transport() {
        return Transport.fastest(Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    @Provides
    @Singleton
    BufferAllocator memory() {
        return new RootAllocator(config.offHeapLimitBytes());
    }

    /** Known as soon as the server listens. */
    @Provides
    @Singleton
    CompletableFuture<Endpoint> endpoint() {
        return new CompletableFuture<>();
    }

    @Provides
    @Singleton
    GrpcMasterPort master(Transport transport) {
        return new GrpcMasterPort(() -> masterClient(transport), "master at " + config.master(), WAITING_REPORTS);
    }

    @Provides
    @Singleton
    ProgramLoader programs(Transport transport) {
        return new WorkflowPrograms(new ArtifactCache(
                config.dataDir().resolve("artifacts"), new MasterArtifacts(() -> masterClient(transport))));
    }

    private RpcClient masterClient(Transport transport) {
        return client("master", config.master(), transport, builder -> builder);
    }

    @Provides
    @Singleton
    FlightExchange exchange(BufferAllocator memory, Transport transport) {
        return new FlightExchange(
                memory,
                endpoint -> client("worker", endpoint, transport, FlightTransport::tune)
                        .channel());
    }

    private RpcClient client(
            String kind, Endpoint server, Transport transport, UnaryOperator<NettyChannelBuilder> tuning) {
        return RpcClient.to(kind, server)
                .tls(config.security().tls())
                .token(config.token())
                .messageLimit(config.listen().messageLimitBytes())
                .tuned(tuning)
                .transport(transport)
                .build();
    }

    @Provides
    @Singleton
    FlightEndpoints flight(BufferAllocator memory, Clock clock, CompletableFuture<Endpoint> endpoint) {
        boolean tls = config.security().tls().isPresent();
        return new FlightEndpoints(memory, config.dataDir().resolve("output"), clock, () -> {
            Endpoint here = endpoint.join();
            return tls
                    ? Location.forGrpcTls(here.host(), here.port())
                    : Location.forGrpcInsecure(here.host(), here.port());
        });
    }
}
