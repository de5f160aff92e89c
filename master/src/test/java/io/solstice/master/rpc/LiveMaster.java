package io.solstice.master.rpc;

import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.rpc.RpcServer;
import io.solstice.master.Master;
import io.solstice.master.artifact.ArtifactStore;
import io.solstice.master.artifact.Room;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.journal.Journal;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.CheckpointServiceGrpc;
import io.solstice.proto.v1.JobServiceGrpc;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A master with all of its services on a port of this machine, and a client of it. */
public final class LiveMaster implements AutoCloseable {
    static final int MESSAGE_LIMIT = 4 << 20;
    static final int ARTIFACT_LIMIT = 8 << 20;

    private final Master master;
    private final Door door;
    private final WorkerLinkService links;
    private final ArtifactStreams artifacts;
    private final RpcServer server;
    private final RpcClient client;

    public LiveMaster(Path directory) {
        this(directory, LinkLimits.DEFAULT, new Security(Optional.empty(), Optional.empty(), false));
    }

    public LiveMaster(Path directory, Security security) {
        this(directory, LinkLimits.DEFAULT, security);
    }

    LiveMaster(Path directory, LinkLimits limits) {
        this(directory, limits, new Security(Optional.empty(), Optional.empty(), false));
    }

    private LiveMaster(Path directory, LinkLimits limits, Security security) {
        ClusterSettings settings = new ClusterSettings("test", "1", 3_000, 60_000, 100);
        master = new Master(settings, Journal.NONE, Clock.SYSTEM, fatal -> {});
        door = new Door(master);
        links = new WorkerLinkService(master, limits, Clock.SYSTEM);
        artifacts = new ArtifactStreams(new ArtifactStore(
                directory, ARTIFACT_LIMIT, new Room(Long.MAX_VALUE, master::artifactsInUse, Clock.SYSTEM)));
        server = RpcServer.builder(Component.MASTER, new Listen("127.0.0.1", 0, "127.0.0.1", MESSAGE_LIMIT), security)
                .service(new JobServiceRpc(door, artifacts, Clock.SYSTEM))
                .service(new AdminServiceRpc(door, settings))
                .service(new CheckpointServiceRpc(door))
                .processService(links)
                .start();
        client = newClient();
    }

    RpcClient newClient() {
        return RpcClient.to("master", new Endpoint("127.0.0.1", server.port())).build();
    }

    RpcServer server() {
        return server;
    }

    RpcClient client() {
        return client;
    }

    Master master() {
        return master;
    }

    /** How many streams are sent something regularly. */
    int ticking() {
        return CompletableFuture.supplyAsync(() -> door.ticking().size(), door.loop()::submit)
                .join();
    }

    public int port() {
        return server.port();
    }

    public JobServiceGrpc.JobServiceBlockingStub jobs() {
        return JobServiceGrpc.newBlockingStub(client.channel());
    }

    AdminServiceGrpc.AdminServiceBlockingStub admin() {
        return AdminServiceGrpc.newBlockingStub(client.channel());
    }

    CheckpointServiceGrpc.CheckpointServiceBlockingStub checkpoints() {
        return CheckpointServiceGrpc.newBlockingStub(client.channel());
    }

    /** The first thing that a master does which ends. */
    void endLinks() {
        links.close();
    }

    @Override
    public void close() {
        client.close();
        links.close();
        server.close();
        artifacts.close();
        door.close();
        master.close();
    }
}
