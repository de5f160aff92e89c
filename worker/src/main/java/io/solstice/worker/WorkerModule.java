package io.solstice.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.loop.Clock;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.rpc.Transport;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import io.solstice.exchange.memory.KeptMemory;
import io.solstice.worker.code.ArtifactCache;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.code.WorkflowPrograms;
import io.solstice.worker.flight.FlightEndpoints;
import io.solstice.worker.link.GrpcMasterPort;
import io.solstice.worker.link.MasterAddresses;
import io.solstice.worker.link.MasterArtifacts;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;

/** What a worker's process is made of. Binds only. */
final class WorkerModule extends AbstractModule {
    private static final int MESSAGES_TO_MASTER = 100_000;

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
    MasterAddresses masters(Transport transport) {
        return new MasterAddresses(
                config.masters(),
                master -> RpcClient.to("master", master)
                        .tls(config.security().tls())
                        .token(config.token())
                        .messageLimit(config.listen().messageLimitBytes())
                        .transport(transport)
                        .build());
    }

    @Provides
    @Singleton
    Transport transport() {
        return Transport.fastest(Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    @Provides
    @Singleton
    BufferAllocator memory() {
        return KeptMemory.allocator(config.offHeapLimitBytes());
    }

    @Provides
    @Singleton
    FlightExchange exchange(BufferAllocator memory, Transport transport) {
        return new FlightExchange(
                memory,
                peer -> RpcClient.to("worker", peer)
                        .tls(config.security().tls())
                        .token(config.token())
                        .messageLimit(FlightTransport.MAX_MESSAGE_BYTES)
                        .tuning(FlightTransport::tune)
                        .transport(transport)
                        .build()
                        .channel());
    }

    @Provides
    @Singleton
    OwnEndpoint endpoint() {
        return new OwnEndpoint();
    }

    @Provides
    @Singleton
    FlightEndpoints endpoints(BufferAllocator memory, Clock clock, OwnEndpoint self) {
        return new FlightEndpoints(
                memory,
                config.dataDir().resolve("outputs"),
                clock,
                () -> config.security().tls().isPresent()
                        ? Location.forGrpcTls(self.host(), self.port())
                        : Location.forGrpcInsecure(self.host(), self.port()));
    }

    @Provides
    @Singleton
    GrpcMasterPort port(MasterAddresses masters) {
        return new GrpcMasterPort(masters, MESSAGES_TO_MASTER);
    }

    @Provides
    @Singleton
    ProgramLoader programs(MasterAddresses masters) {
        return new WorkflowPrograms(new ArtifactCache(
                config.dataDir().resolve("artifacts"), config.artifactCacheBytes(), new MasterArtifacts(masters)));
    }
}
