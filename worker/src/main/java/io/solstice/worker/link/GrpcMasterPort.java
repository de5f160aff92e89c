package io.solstice.worker.link;

import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects over gRPC. Each connection has a client of its own, so that it lives and dies with one socket: a dead one is
 * never used again, and gRPC's own waiting between attempts plays no part. One event loop owns all that waits to be
 * sent and tells all listeners. While a master reads too slowly, a heartbeat gives way to a newer one; anything else waits, and a
 * connection on which too much waits ends, so that no report is lost in silence.
 */
public final class GrpcMasterPort implements MasterPort, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcMasterPort.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final MasterAddresses masters;
    private final int maxWaiting;
    private final Set<MasterSearch> open = new HashSet<>();
    private final EventLoop loop = new EventLoop(
            "worker-link", defect -> LOG.error("a defect of the link to the master", defect), TICK, this::tick);

    /** @param maxWaiting how many messages may wait for the master to read them */
    public GrpcMasterPort(MasterAddresses masters, int maxWaiting) {
        this.masters = masters;
        this.maxWaiting = maxWaiting;
    }

    @Override
    public Link open(WorkerRegistration registration, Listener listener) {
        MasterSearch search = new MasterSearch(this, listener, new WorkerMessage.Register(registration));
        loop.submit(() -> {
            open.add(search);
            search.tryNext();
        });
        return search;
    }

    private void tick() {
        List.copyOf(open).forEach(MasterSearch::tick);
    }

    MasterAddresses masters() {
        return masters;
    }

    EventLoop loop() {
        return loop;
    }

    LinkStream stream(int which, LinkStream.Owner owner) {
        return new LinkStream(masters.client(which), masters.name(which), maxWaiting, loop, owner);
    }

    void forget(MasterSearch ended) {
        open.remove(ended);
    }

    /** To be called when all connections have been closed. */
    @Override
    public void close() {
        loop.close();
    }
}
