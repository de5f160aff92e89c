package io.solstice.worker;

import io.solstice.common.config.Component;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.daemon.Running;
import io.solstice.common.daemon.Version;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcServer;
import io.solstice.common.rpc.Transport;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerProfile;
import io.solstice.worker.flight.FlightEndpoints;
import io.solstice.worker.job.Surroundings;
import io.solstice.worker.link.GrpcMasterPort;
import io.solstice.worker.rpc.WorkerAdminRpc;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;

/** The order in which a worker's parts start and stop. */
final class WorkerProcess {
    /** A master that says nothing for so many heartbeats is taken for lost. */
    private static final int SILENT_HEARTBEATS = 4;

    private final WorkerConfig config;
    private final Transport transport;
    private final BufferAllocator memory;
    private final GrpcMasterPort master;
    private final ProgramLoader programs;
    private final FlightExchange exchange;
    private final FlightEndpoints flight;
    private final CompletableFuture<Endpoint> endpoint;

    @Inject
    WorkerProcess(
            WorkerConfig config,
            Transport transport,
            BufferAllocator memory,
            GrpcMasterPort master,
            ProgramLoader programs,
            FlightExchange exchange,
            FlightEndpoints flight,
            CompletableFuture<Endpoint> endpoint) {
        this.config = config;
        this.transport = transport;
        this.memory = memory;
        this.master = master;
        this.programs = programs;
        this.exchange = exchange;
        this.flight = flight;
        this.endpoint = endpoint;
    }

    /** Listens first, since the master is told where. */
    Running start() {
        CompletableFuture<Worker> worker = new CompletableFuture<>();
        RpcServer server = RpcServer.builder(Component.WORKER, config.listen(), config.security())
                .service(exchange.service(flight.service()))
                .service(new WorkerAdminRpc(() -> worker.thenCompose(Worker::status)))
                .tuned(FlightTransport::tune)
                .transport(transport)
                .start();
        endpoint.complete(server.endpoint());
        Worker started = worker(server.endpoint());
        worker.complete(started);
        started.start();
        return new Running(config.workerId().value(), server, end(started), () -> stop(started, server));
    }

    private Worker worker(Endpoint here) {
        WorkerProfile profile = new WorkerProfile(
                config.workerId(),
                here,
                config.offered(),
                Version.current(),
                config.clusterId(),
                config.master().toString());
        long heartbeat = config.link().heartbeatInterval().toMillis();
        LinkTimes times = new LinkTimes(
                heartbeat,
                SILENT_HEARTBEATS * heartbeat,
                config.link().reconnectMin().toMillis(),
                config.link().reconnectMax().toMillis());
        Surroundings around = new Surroundings(config.workerId(), programs, exchange, flight, memory);
        return new Worker(profile, times, master, around, Clock.SYSTEM);
    }

    private static CompletableFuture<Void> end(Worker worker) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        worker.ended().thenAccept(exit -> {
            if (exit.error() == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(exit.error().toException());
            }
        });
        return end;
    }

    private void stop(Worker worker, RpcServer server) {
        worker.close();
        master.close();
        server.close();
        flight.close();
        exchange.close();
        memory.close();
        transport.close();
    }
}
