package io.solstice.master.process;

import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Running;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.rpc.LateServices;
import io.solstice.common.rpc.RpcServer;
import io.solstice.common.store.ObjectStores;
import io.solstice.master.lease.Candidate;
import io.solstice.master.lease.Leadership;
import io.solstice.master.lease.Lease;
import io.solstice.master.lease.LeaseKeeper;
import io.solstice.master.lease.LeaseStore;
import io.solstice.master.lease.MachineLock;
import io.solstice.master.lease.Tenure;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.CheckpointServiceGrpc;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.WorkerLinkGrpc;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master's process: a standby from its start, whose calls are all refused, until it has the lease; then it is the
 * leader, to its end. Its event loop owns the change from one to the other.
 */
final class MasterProcess {
    private static final Logger LOG = LoggerFactory.getLogger(MasterProcess.class);

    private final MasterConfig config;
    private final Stores stores;
    private final Provider<Leading> parts;
    private final ProcessEnd end;
    private final Tenure tenure;
    private final LateServices services = new LateServices(standby(null));
    private final EventLoop loop =
            new EventLoop("master-process", defect -> LOG.error("a defect of the master's process", defect));
    /** How this process stands to the lease when that is known first: empty if it leads. */
    private final CompletableFuture<String> first = new CompletableFuture<>();
    /** Used by the loop, and by the stop after it. */
    private volatile @Nullable Leading leading;

    @Inject
    MasterProcess(MasterConfig config, Stores stores, Provider<Leading> parts, ProcessEnd end, Tenure tenure) {
        this.config = config;
        this.stores = stores;
        this.parts = parts;
        this.end = end;
        this.tenure = tenure;
    }

    /** Returns when it is known whether it leads. */
    Running start() {
        RpcServer server = RpcServer.builder(Component.MASTER, config.listen(), config.security())
                .service(services.of(JobServiceGrpc.getServiceDescriptor()))
                .service(services.of(AdminServiceGrpc.getServiceDescriptor()))
                .service(services.of(CheckpointServiceGrpc.getServiceDescriptor()))
                .processService(services.of(WorkerLinkGrpc.getServiceDescriptor()))
                .serving(false)
                .start();
        try {
            ObjectStores.check(stores.journal());
        } catch (SolsticeException unfit) {
            server.close();
            throw unfit.error()
                    .within("the journal in " + config.journal().text())
                    .toException(unfit);
        }
        return start(server);
    }

    private Running start(RpcServer server) {
        MachineLock lock = new MachineLock(config.journal().folder());
        String id = UUID.randomUUID().toString();
        Candidate self = new Candidate(id, server.endpoint().toString(), MachineLock.machine(), false);
        LeaseKeeper lease = new LeaseKeeper(
                new Lease(id, config.leaseTimeout().toMillis()),
                new LeaseStore(stores.lease(), lock, self),
                new Standing(server),
                tenure);
        Runnable stop = () -> stop(server, lease, lock);
        try {
            return new Running(config.clusterId(), first.join(), server, end.future(), stop);
        } catch (CompletionException failed) {
            stop.run();
            throw SolsticeException.of(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    /** What the lease's thread tells. */
    private final class Standing implements Leadership {
        private final RpcServer server;
        private String lastTrouble = "";

        Standing(RpcServer server) {
            this.server = server;
        }

        @Override
        public void lead() {
            loop.submit(() -> open(server));
        }

        @Override
        public void follow(Candidate leader) {
            services.refuse(standby(leader.endpoint()));
            LOG.info("standby: {} leads", leader.endpoint());
            first.complete("standby: " + leader.endpoint() + " leads");
        }

        @Override
        public void lost(SolsticeError why) {
            server.setServing("", false);
            services.refuse(standby(null));
            end.fail(why.toException());
        }

        @Override
        public void trouble(SolsticeError why) {
            if (!lastTrouble.equals(why.what())) {
                lastTrouble = why.what();
                LOG.warn("who leads could not be looked at, trying again: {}", why.what());
            }
        }
    }

    private void open(RpcServer server) {
        try {
            Leading opened = parts.get();
            leading = opened;
            services.open(opened.services());
            server.setServing("", true);
            LOG.info("this master leads");
            first.complete("");
        } catch (RuntimeException | Error failure) {
            SolsticeException why = SolsticeException.of(failure);
            first.completeExceptionally(why);
            end.fail(why);
        }
    }

    private static SolsticeError standby(@Nullable String leader) {
        return ErrorCode.NOT_LEADER
                .error("this master is a standby")
                .cause(leader == null ? "no master leads just now" : leader + " leads")
                .help("give the addresses of all masters, separated by commas: the one that leads is found");
    }

    /** Gives the lease up as soon as nothing more is decided; another master need not wait for the rest. */
    private void stop(RpcServer server, LeaseKeeper lease, MachineLock lock) {
        server.setServing("", false);
        services.refuse(standby(null));
        tenure.end();
        loop.close();
        Leading led = leading;
        if (led != null) {
            led.close();
        }
        lease.close();
        server.close();
        lock.close();
        stores.close();
    }
}
