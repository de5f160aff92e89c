package io.solstice.exchange.flight;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.solstice.common.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One connection to each worker that this one sends to, shared by all channels. */
final class Peers implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final Function<Endpoint, ManagedChannel> connect;
    private final ConcurrentHashMap<Endpoint, Peer> peers = new ConcurrentHashMap<>();

    /** Broken ones, which may still hold memory. */
    private final Queue<ManagedChannel> leaving = new ConcurrentLinkedQueue<>();

    private record Peer(ManagedChannel connection, int users) {}

    Peers(Function<Endpoint, ManagedChannel> connect) {
        this.connect = connect;
    }

    ManagedChannel use(Endpoint endpoint) {
        Peer used = peers.compute(
                endpoint,
                (key, known) -> known == null
                        ? new Peer(connect.apply(key), 1)
                        : new Peer(known.connection(), known.users() + 1));
        return used.connection();
    }

    /** A broken connection that nobody uses is forgotten, so that the next user does not wait for it to recover. */
    void leave(Endpoint endpoint) {
        peers.computeIfPresent(endpoint, (key, known) -> {
            Peer left = new Peer(known.connection(), known.users() - 1);
            if (left.users() == 0 && known.connection().getState(false) != ConnectivityState.READY) {
                leaving.removeIf(ManagedChannel::isTerminated);
                leaving.add(known.connection().shutdownNow());
                return null;
            }
            return left;
        });
    }

    @Override
    public void close() {
        List<ManagedChannel> open = new ArrayList<>(leaving);
        peers.values().forEach(peer -> open.add(peer.connection().shutdownNow()));
        peers.clear();
        try {
            for (ManagedChannel connection : open) {
                connection.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
