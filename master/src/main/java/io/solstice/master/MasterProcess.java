package io.solstice.master;

import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Running;
import io.solstice.common.rpc.RpcServer;
import io.solstice.master.rpc.ArtifactStreams;
import io.solstice.master.rpc.Door;
import io.solstice.master.rpc.WorkerLinkService;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;

/** The order in which a master's parts start and stop. */
final class MasterProcess {
    private final MasterConfig config;
    private final Master master;
    private final Door door;
    private final ArtifactStreams artifacts;
    private final WorkerLinkService links;
    private final RpcServer.Builder server;
    private final CompletableFuture<Void> end;

    @Inject
    MasterProcess(
            MasterConfig config,
            Master master,
            Door door,
            ArtifactStreams artifacts,
            WorkerLinkService links,
            RpcServer.Builder server,
            CompletableFuture<Void> end) {
        this.config = config;
        this.master = master;
        this.door = door;
        this.artifacts = artifacts;
        this.links = links;
        this.server = server;
        this.end = end;
    }

    /** Listens last: whoever calls finds everything there. */
    Running start() {
        RpcServer listening = server.start();
        return new Running(config.clusterId(), listening, end, () -> stop(listening));
    }

    private void stop(RpcServer listening) {
        links.close();
        listening.close();
        artifacts.close();
        door.close();
        master.close();
    }
}
