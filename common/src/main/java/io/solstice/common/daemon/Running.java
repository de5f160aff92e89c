package io.solstice.common.daemon;

import io.solstice.common.rpc.RpcServer;
import java.util.concurrent.CompletableFuture;

/**
 * A process that has started.
 *
 * @param name what it is called in the cluster
 * @param standing a remark on how it is up, such as that it is a standby; usually empty
 * @param end completes exceptionally when the process cannot go on by itself; otherwise it goes on until a signal
 * @param stop ends it in order, within seconds
 */
public record Running(String name, String standing, RpcServer server, CompletableFuture<Void> end, Runnable stop) {
    public Running(String name, RpcServer server, CompletableFuture<Void> end, Runnable stop) {
        this(name, "", server, end, stop);
    }
}
