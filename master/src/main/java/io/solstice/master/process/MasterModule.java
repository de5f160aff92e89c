package io.solstice.master.process;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.solstice.common.Version;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.loop.Clock;
import io.solstice.master.Master;
import io.solstice.master.artifact.ArtifactStore;
import io.solstice.master.artifact.Room;
import io.solstice.master.artifact.SharedArtifacts;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.job.RestartPolicy;
import io.solstice.master.journal.Journal;
import io.solstice.master.journal.StoredJournal;
import io.solstice.master.lease.Tenure;
import io.solstice.master.rpc.AdminServiceRpc;
import io.solstice.master.rpc.ArtifactStreams;
import io.solstice.master.rpc.CheckpointServiceRpc;
import io.solstice.master.rpc.Door;
import io.solstice.master.rpc.JobServiceRpc;
import io.solstice.master.rpc.LinkLimits;
import io.solstice.master.rpc.WorkerLinkService;

/** What a master's process is made of. Binds only. */
final class MasterModule extends AbstractModule {
    private final MasterConfig config;
    private final ProcessEnd end;

    MasterModule(MasterConfig config, ProcessEnd end) {
        this.config = config;
        this.end = end;
    }

    @Override
    protected void configure() {
        bind(MasterConfig.class).toInstance(config);
        bind(ProcessEnd.class).toInstance(end);
        bind(Clock.class).toInstance(Clock.SYSTEM);
        bind(LinkLimits.class).toInstance(LinkLimits.DEFAULT);
    }

    @Provides
    @Singleton
    ClusterSettings settings() {
        return new ClusterSettings(
                config.clusterId(),
                Version.current(),
                config.heartbeatTimeout().toMillis(),
                config.schedulingTimeout().toMillis(),
                config.jobHistory(),
                new RestartPolicy(
                        config.restarts().attempts(), config.restarts().window().toMillis()),
                config.checkpoints().timeout().toMillis(),
                config.checkpoints().retained(),
                config.checkpoints().maxAge().toMillis());
    }

    @Provides
    @Singleton
    Stores stores() {
        return Stores.open(config.journal(), config.leaseTimeout());
    }

    @Provides
    @Singleton
    Tenure tenure(Clock clock) {
        return new Tenure(clock);
    }

    @Provides
    @Singleton
    Journal journal(Stores stores, Tenure tenure) {
        return new StoredJournal(stores.journal(), config.journal().text(), tenure::lasts);
    }

    @Provides
    @Singleton
    ArtifactStore artifacts(Master master, Stores stores, Clock clock) {
        return new ArtifactStore(
                config.dataDir().resolve("artifacts"),
                config.artifactLimitBytes(),
                new Room(config.artifactCacheBytes(), master::artifactsInUse, clock),
                new SharedArtifacts(stores.journal()));
    }

    @Provides
    @Singleton
    Master master(ClusterSettings settings, Journal journal, Clock clock) {
        return new Master(settings, journal, clock, end::fail);
    }

    @Provides
    @Singleton
    Door door(Master master) {
        return new Door(master);
    }

    @Provides
    @Singleton
    ArtifactStreams streams(ArtifactStore store) {
        return new ArtifactStreams(store);
    }

    @Provides
    @Singleton
    WorkerLinkService links(Master master, LinkLimits limits, Clock clock) {
        return new WorkerLinkService(master, limits, clock);
    }

    @Provides
    @Singleton
    JobServiceRpc jobs(Door door, ArtifactStreams streams, Clock clock) {
        return new JobServiceRpc(door, streams, clock);
    }

    @Provides
    @Singleton
    AdminServiceRpc admin(Door door, ClusterSettings settings) {
        return new AdminServiceRpc(door, settings);
    }

    @Provides
    @Singleton
    CheckpointServiceRpc checkpoints(Door door) {
        return new CheckpointServiceRpc(door);
    }
}
