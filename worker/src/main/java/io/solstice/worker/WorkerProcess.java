package io.solstice.worker;

import io.solstice.common.Version;
import io.solstice.common.config.Component;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.daemon.Running;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcLimits;
import io.solstice.common.rpc.RpcServer;
import io.solstice.common.rpc.Transport;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerProfile;
import io.solstice.worker.flight.FlightEndpoints;
import io.solstice.worker.job.Gpus;
import io.solstice.worker.job.Surroundings;
import io.solstice.worker.link.GrpcMasterPort;
import io.solstice.worker.rpc.WorkerAdminRpc;
import io.solstice.worker.rpc.WorkerStatus;
import io.solstice.worker.store.OwnFolder;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/** Starts the parts of a worker's process in order, and stops them in the opposite one. */
final class WorkerProcess {
    private static final long MASTER_SILENCE_MILLIS = 4_000;
    /** One for each channel from another worker. */
    private static final int CALLS_OF_A_PEER = 1 << 16;

    private final WorkerConfig config;
    private final Clock clock;
    private final Data data;
    private final GrpcMasterPort master;
    private final ProgramLoader programs;
    private final OwnEndpoint self;
    private final Transport transport;

    /** Everything that holds batches. */
    record Data(BufferAllocator memory, FlightExchange exchange, FlightEndpoints endpoints) {
        @Inject
        Data {}
    }

    @Inject
    WorkerProcess(
            WorkerConfig config,
            Clock clock,
            Data data,
            GrpcMasterPort master,
            ProgramLoader programs,
            OwnEndpoint self,
            Transport transport) {
        this.config = config;
        this.clock = clock;
        this.data = data;
        this.master = master;
        this.programs = programs;
        this.self = self;
        this.transport = transport;
    }

    Running start() {
        WorkerFolder folder = WorkerFolder.claim(config.dataDir(), config.temporaryDir());
        // The folder is this worker's alone, so whatever is there has been left.
        OwnFolder.sweepAll(state());
        try {
            return start(folder);
        } catch (RuntimeException failure) {
            folder.close();
            throw failure;
        }
    }

    private Running start(WorkerFolder folder) {
        CompletableFuture<Worker> started = new CompletableFuture<>();
        RpcServer server = RpcServer.builder(Component.WORKER, config.listen(), config.security())
                .service(data.exchange().service(data.endpoints().service()))
                .service(new WorkerAdminRpc(() -> status(started)))
                .limits(RpcLimits.of(config.listen().messageLimitBytes()).withCalls(CALLS_OF_A_PEER))
                .tuning(builder -> FlightTransport.tune(builder)
                        .maxInboundMessageSize(config.listen().messageLimitBytes()))
                .transport(transport)
                .start();
        self.set(server.endpoint());
        Worker worker = worker(server);
        started.complete(worker);
        worker.start();
        WarmUp warmUp = WarmUp.soon();
        return new Running(config.workerId().value(), server, end(worker), () -> {
            warmUp.close();
            stop(worker, server, folder);
        });
    }

    /** Where tasks keep state while they run. */
    private Path state() {
        return config.dataDir().resolve("state");
    }

    private static CompletableFuture<WorkerStatus> status(CompletableFuture<Worker> started) {
        return started.thenCompose(Worker::status);
    }

    private Worker worker(RpcServer server) {
        WorkerProfile profile = new WorkerProfile(
                config.workerId(),
                server.endpoint(),
                config.offered(),
                Version.current(),
                config.clusterId(),
                config.masters().stream().map(Endpoint::toString).collect(Collectors.joining(",")));
        LinkTimes times = new LinkTimes(
                config.link().heartbeatInterval().toMillis(),
                MASTER_SILENCE_MILLIS,
                config.link().reconnectMin().toMillis(),
                config.link().reconnectMax().toMillis());
        Surroundings around = new Surroundings(
                config.workerId(),
                programs,
                data.exchange(),
                data.endpoints(),
                data.memory(),
                Gpus.named(config.gpuIds()),
                state());
        return new Worker(profile, times, master, around, clock);
    }

    /** A worker that the master refuses ends with the master's reason. */
    private static CompletableFuture<Void> end(Worker worker) {
        return worker.ended().thenAccept(exit -> {
            if (exit.error() != null) {
                throw exit.error().toException();
            }
        });
    }

    private void stop(Worker worker, RpcServer server, WorkerFolder folder) {
        worker.close();
        master.close();
        server.close();
        data.exchange().close();
        data.endpoints().close();
        data.memory().close();
        transport.close();
        folder.close();
    }
}
