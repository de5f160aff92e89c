package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.loop.Clock;
import io.solstice.common.loop.EventLoop;
import io.solstice.master.Master;
import io.solstice.proto.v1.MasterMessage;
import io.solstice.proto.v1.WorkerLinkGrpc;
import io.solstice.proto.v1.WorkerMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where workers connect. Each stream is one session of the master; one event loop owns what waits to be sent on any of
 * them, so that neither the master nor a gRPC thread ever waits for a slow worker.
 */
public final class WorkerLinkService extends WorkerLinkGrpc.WorkerLinkImplBase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLinkService.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final Master master;
    private final LinkLimits limits;
    private final Clock clock;
    private final Set<WorkerStream> streams = new HashSet<>();
    private final EventLoop loop;

    public WorkerLinkService(Master master, LinkLimits limits, Clock clock) {
        this.master = master;
        this.limits = limits;
        this.clock = clock;
        this.loop = new EventLoop(
                "master-links", defect -> LOG.error("a defect of the links to workers", defect), TICK, this::tick);
    }

    @Override
    public StreamObserver<WorkerMessage> connect(StreamObserver<MasterMessage> observer) {
        var call = (ServerCallStreamObserver<MasterMessage>) observer;
        WorkerStream stream = new WorkerStream(call, this);
        call.disableAutoRequest();
        call.setOnReadyHandler(() -> loop.submit(stream::drain));
        call.setOnCancelHandler(() -> loop.submit(() -> stream.gone("its connection broke")));
        loop.submit(() -> {
            streams.add(stream);
            stream.begin(master);
        });
        return stream.incoming();
    }

    private void tick() {
        List.copyOf(streams).forEach(WorkerStream::checkPatience);
    }

    EventLoop loop() {
        return loop;
    }

    LinkLimits limits() {
        return limits;
    }

    long nowMillis() {
        return clock.monotonicNanos() / 1_000_000;
    }

    void ended(WorkerStream stream) {
        streams.remove(stream);
    }

    /** Ends all streams; their workers will look for the master again. */
    @Override
    public void close() {
        loop.submit(() -> List.copyOf(streams).forEach(WorkerStream::endWithMaster));
        loop.close();
    }
}
