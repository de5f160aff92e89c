package io.solstice.worker.link;

import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The masters of a cluster, and which of them is believed to lead. Any thread may use it. */
public final class MasterAddresses {
    private final List<Endpoint> all;
    private final Function<Endpoint, RpcClient> clients;
    private final AtomicInteger current = new AtomicInteger();

    /** @param clients makes a client of a master, not yet connected */
    public MasterAddresses(List<Endpoint> all, Function<Endpoint, RpcClient> clients) {
        this.all = List.copyOf(all);
        this.clients = clients;
    }

    int count() {
        return all.size();
    }

    int current() {
        return current.get();
    }

    /** The next in turn; does nothing if somebody has moved on already. */
    void moveOn(int from) {
        current.compareAndSet(from, (from + 1) % all.size());
    }

    RpcClient client(int which) {
        return clients.apply(all.get(which));
    }

    /** What a master is called in messages. */
    String name(int which) {
        return "master at " + all.get(which);
    }
}
