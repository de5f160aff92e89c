package io.solstice.worker.link;

import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.rpc.RpcClient;
import java.util.function.Supplier;
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

    private final Supplier<RpcClient> clients;
    private final String master;
    private final int maxWaiting;
    private final EventLoop loop =
            new EventLoop("worker-link", defect -> LOG.error("a defect of the link to the master", defect));

    /**
     * @param clients makes a client of the master, not yet connected
     * @param master what to call it in messages: {@code master at host:port}
     * @param maxWaiting how many messages may wait for the master to read them
     */
    public GrpcMasterPort(Supplier<RpcClient> clients, String master, int maxWaiting) {
        this.clients = clients;
        this.master = master;
        this.maxWaiting = maxWaiting;
    }

    @Override
    public Link open(WorkerRegistration registration, Listener listener) {
        LinkStream stream = new LinkStream(clients.get(), master, maxWaiting, loop, listener);
        loop.submit(() -> stream.begin(new WorkerMessage.Register(registration)));
        return stream;
    }

    /** To be called when all connections have been closed. */
    @Override
    public void close() {
        loop.close();
    }
}
