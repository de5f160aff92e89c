package io.solstice.master;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Version;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.rpc.RpcServer;
import io.solstice.master.artifact.ArtifactStore;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.journal.Journal;
import io.solstice.master.journal.LocalJournal;
import io.solstice.master.rpc.AdminServiceRpc;
import io.solstice.master.rpc.ArtifactStreams;
import io.solstice.master.rpc.Door;
import io.solstice.master.rpc.JobServiceRpc;
import io.solstice.master.rpc.LinkLimits;
import io.solstice.master.rpc.WorkerLinkService;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a master's process is made of. */
final class MasterModule extends AbstractModule {
    private final MasterConfig config;

    MasterModule(MasterConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        bind(MasterConfig.class).toInstance(config);
        bind(Clock.class).toInstance(Clock.SYSTEM);
    }

    @Provides
    @Singleton
    ClusterSettings settings() {
        return new ClusterSettings(
                config.clusterId(),
                Version.current(),
                config.heartbeatTimeout().toMillis(),
                config.schedulingTimeout().toMillis(),
                config.jobHistory());
    }

    @Provides
    @Singleton
    Journal journal() {
        return LocalJournal.open(config.dataDir().resolve("journal"));
    }

    @Provides
    @Singleton
    CompletableFuture<Void> end() {
        return new CompletableFuture<>();
    }

    @Provides
    @Singleton
    Consumer<SolsticeException> onFatal(CompletableFuture<Void> end) {
        return end::completeExceptionally;
    }

    @Provides
    @Singleton
    Master master(ClusterSettings settings, Journal journal, Clock clock, Consumer<SolsticeException> onFatal) {
        return new Master(settings, journal, clock, onFatal);
    }

    @Provides
    @Singleton
    Door door(Master master) {
        return new Door(master);
    }

    @Provides
    @Singleton
    ArtifactStreams artifacts() {
        return new ArtifactStreams(
                new ArtifactStore(config.dataDir().resolve("artifacts"), config.artifactLimitBytes()));
    }

    @Provides
    @Singleton
    WorkerLinkService links(Master master, Clock clock) {
        return new WorkerLinkService(master, LinkLimits.DEFAULT, clock);
    }

    @Provides
    @Singleton
    RpcServer.Builder server(
            Door door, ArtifactStreams artifacts, WorkerLinkService links, ClusterSettings settings, Clock clock) {
        return RpcServer.builder(Component.MASTER, config.listen(), config.security())
                .service(new JobServiceRpc(door, artifacts, clock))
                .service(new AdminServiceRpc(door, settings))
                .processService(links);
    }
}
