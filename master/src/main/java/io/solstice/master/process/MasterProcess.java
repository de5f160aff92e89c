package io.solstice.master.process;

import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Running;
import io.solstice.common.rpc.RpcServer;
import io.solstice.master.Master;
import io.solstice.master.rpc.AdminServiceRpc;
import io.solstice.master.rpc.ArtifactStreams;
import io.solstice.master.rpc.CheckpointServiceRpc;
import io.solstice.master.rpc.Door;
import io.solstice.master.rpc.JobServiceRpc;
import io.solstice.master.rpc.WorkerLinkService;
import jakarta.inject.Inject;

/** Starts the parts of a master's process in order, and stops them in the opposite one. */
final class MasterProcess {
    private final MasterConfig config;
    private final Master master;
    private final Door door;
    private final ArtifactStreams artifacts;
    private final Services services;
    private final ProcessEnd end;

    /** All that can be called. */
    record Services(
            JobServiceRpc jobs, AdminServiceRpc admin, CheckpointServiceRpc checkpoints, WorkerLinkService links) {
        @Inject
        Services {}
    }

    @Inject
    MasterProcess(
            MasterConfig config,
            Master master,
            Door door,
            ArtifactStreams artifacts,
            Services services,
            ProcessEnd end) {
        this.config = config;
        this.master = master;
        this.door = door;
        this.artifacts = artifacts;
        this.services = services;
        this.end = end;
    }

    Running start() {
        RpcServer server = RpcServer.builder(Component.MASTER, config.listen(), config.security())
                .service(services.jobs())
                .service(services.admin())
                .service(services.checkpoints())
                .processService(services.links())
                .start();
        return new Running(config.clusterId(), server, end.future(), () -> stop(server));
    }

    /** Workers see the connection end, keep what they run, and look for the next master. */
    private void stop(RpcServer server) {
        services.links().close();
        server.close();
        door.close();
        artifacts.close();
        master.close();
    }
}
