package io.solstice.common.daemon;

import io.solstice.common.rpc.RpcServer;
import java.util.concurrent.CompletableFuture;

/**
 * A process that has started.
 *
 * @param name what it is called in the cluster
 * @param end completes exceptionally when the process cannot go on by itself; otherwise it goes on until a signal
 * @param stop ends it in order, within seconds
 */
public record Running(String name, RpcServer server, CompletableFuture<Void> end, Runnable stop) {}
