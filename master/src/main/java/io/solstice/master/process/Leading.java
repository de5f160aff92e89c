package io.solstice.master.process;

import io.grpc.BindableService;
import io.solstice.master.Master;
import io.solstice.master.rpc.AdminServiceRpc;
import io.solstice.master.rpc.ArtifactStreams;
import io.solstice.master.rpc.CheckpointServiceRpc;
import io.solstice.master.rpc.Door;
import io.solstice.master.rpc.JobServiceRpc;
import io.solstice.master.rpc.WorkerLinkService;
import jakarta.inject.Inject;
import java.util.List;

/** What there is in a master's process only while it leads. Making one reads the journal and begins to decide. */
final class Leading implements AutoCloseable {
    private final Master master;
    private final Door door;
    private final ArtifactStreams artifacts;
    private final Services services;

    /** All that can be called. */
    record Services(
            JobServiceRpc jobs, AdminServiceRpc admin, CheckpointServiceRpc checkpoints, WorkerLinkService links) {
        @Inject
        Services {}
    }

    @Inject
    Leading(Master master, Door door, ArtifactStreams artifacts, Services services) {
        this.master = master;
        this.door = door;
        this.artifacts = artifacts;
        this.services = services;
    }

    List<BindableService> services() {
        return List.of(services.jobs(), services.admin(), services.checkpoints(), services.links());
    }

    /** Workers see the connection end, keep what they run, and look for the next master. */
    @Override
    public void close() {
        services.links().close();
        door.close();
        artifacts.close();
        master.close();
    }
}
