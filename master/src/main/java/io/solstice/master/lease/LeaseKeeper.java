package io.solstice.master.lease;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what a {@link Lease} decides. One event loop owns it and looks at the time often; requests are made on a
 * thread of their own, so that one that hangs does not hide that the time is over.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final long PATIENCE_SECS = 3;

    private final Lease lease;
    private final LeaseStore store;
    private final Leadership leadership;
    private final Tenure tenure;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ExecutorService requests = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "master-lease-store");
        thread.setDaemon(true);
        return thread;
    });
    private final EventLoop loop;

    /** Begins to look who leads. @param tenure kept up to date by this object alone */
    public LeaseKeeper(Lease lease, LeaseStore store, Leadership leadership, Tenure tenure) {
        this.lease = lease;
        this.store = store;
        this.leadership = leadership;
        this.tenure = tenure;
        this.loop = new EventLoop(
                "master-lease",
                defect -> LOG.error("a defect of the lease", defect),
                TICK,
                () -> decide(new LeaseEvent.Tick()));
        loop.submit(() -> decide(new LeaseEvent.Tick()));
    }

    private void decide(LeaseEvent event) {
        List<LeaseAction> actions = lease.on(event, tenure.nowMillis());
        tenure.lastUntil(lease.leadsUntil());
        actions.forEach(this::act);
    }

    private void act(LeaseAction action) {
        if (action instanceof LeaseAction.Request request) {
            requests.execute(() -> {
                LeaseEvent answer = answer(request);
                loop.submit(() -> decide(answer));
                store.tidyUp();
            });
        } else if (action instanceof LeaseAction.Lead) {
            leadership.lead();
        } else if (action instanceof LeaseAction.Follow follow) {
            leadership.follow(follow.leader());
        } else if (action instanceof LeaseAction.Trouble trouble) {
            leadership.trouble(trouble.why());
        } else if (action instanceof LeaseAction.End end) {
            tenure.end();
            ended.complete(null);
            if (end.why() != null) {
                leadership.lost(end.why());
            }
        }
    }

    private LeaseEvent answer(LeaseAction.Request request) {
        try {
            return store.carryOut(request);
        } catch (RuntimeException | Error failure) {
            return new LeaseEvent.Failed(SolsticeException.of(failure).error());
        }
    }

    /** Gives up the lease, if this master has it, so that another can lead at once. */
    @Override
    public void close() {
        loop.submit(() -> decide(new LeaseEvent.StopAsked()));
        ended.completeOnTimeout(null, PATIENCE_SECS, TimeUnit.SECONDS).join();
        loop.close();
        requests.shutdownNow();
    }
}
