package io.solstice.master;

import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Daemon;
import io.solstice.common.daemon.Running;
import io.solstice.common.rpc.RpcServer;
import java.util.concurrent.CompletableFuture;

/** A master's process, as {@code bin/start-master} starts it. */
public final class MasterMain {
    private MasterMain() {}

    public static void main(String[] arguments) {
        new Daemon<>(Component.MASTER, MasterConfig::of, MasterConfig::logLevel, MasterMain::start).main(arguments);
    }

    private static Running start(MasterConfig config) {
        RpcServer server = RpcServer.builder(Component.MASTER, config.listen(), config.security())
                .start();
        return new Running(config.clusterId(), server, new CompletableFuture<>(), server::close);
    }
}
