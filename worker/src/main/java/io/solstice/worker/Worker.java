package io.solstice.worker;

import io.solstice.common.id.RunId;
import io.solstice.common.loop.Clock;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerAction;
import io.solstice.worker.control.WorkerCoordinator;
import io.solstice.worker.control.WorkerEvent;
import io.solstice.worker.control.WorkerProfile;
import io.solstice.worker.job.RunDesk;
import io.solstice.worker.job.Surroundings;
import io.solstice.worker.link.MasterPort;
import io.solstice.worker.rpc.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes for a master. Its event loop owns what {@link WorkerCoordinator} decides by; links, timer and runs only send
 * it events, and what it decides is done here and at the {@link RunDesk}.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final EventLoop loop;
    private final WorkerProfile profile;
    private final WorkerCoordinator coordinator;
    private final MasterPort master;
    private final RunDesk desk;
    private final Clock clock;
    private final CompletableFuture<WorkerAction.Exit> ended = new CompletableFuture<>();
    private volatile boolean started;
    /** Used by the loop. */
    private MasterPort.@Nullable Link link;

    public Worker(WorkerProfile profile, LinkTimes times, MasterPort master, Surroundings around, Clock clock) {
        this.profile = profile;
        this.coordinator = new WorkerCoordinator(profile, times, new Random());
        this.master = master;
        this.clock = clock;
        this.desk = new RunDesk(around, report -> happened(new WorkerEvent.Reported(report)));
        this.loop = new EventLoop("worker", defect -> LOG.error("a defect of the worker", defect), TICK, this::tick);
    }

    /** Looks for the master, now and as often as it is lost. */
    public void start() {
        started = true;
        happened(new WorkerEvent.Tick());
    }

    private void tick() {
        desk.tick(clock.monotonicNanos());
        if (started) {
            decide(new WorkerEvent.Tick());
        }
    }

    /** Done when the worker has ended: because it was asked to, or because it cannot belong to the cluster. */
    public CompletableFuture<WorkerAction.Exit> ended() {
        return ended.copy();
    }

    private void happened(WorkerEvent event) {
        loop.submit(() -> decide(event));
    }

    private void decide(WorkerEvent event) {
        coordinator.on(event, clock.monotonicNanos() / 1_000_000).forEach(this::act);
    }

    private void act(WorkerAction action) {
        MasterPort.Link open = link;
        if (action instanceof WorkerAction.OpenLink opening) {
            link = master.open(opening.registration(), listener(opening.link()));
        } else if (action instanceof WorkerAction.Send send && open != null) {
            open.send(send.message());
        } else if (action instanceof WorkerAction.SendHeartbeat beat && open != null) {
            open.send(new WorkerMessage.Heartbeat(beat.sequence(), desk.memoryBytes(), desk.metrics()));
        } else if (action instanceof WorkerAction.CloseLink && open != null) {
            open.close();
            link = null;
        } else if (action instanceof WorkerAction.CarryOut carryOut) {
            desk.carryOut(carryOut.command());
        } else if (action instanceof WorkerAction.Align align) {
            desk.align(align.others());
        } else if (action instanceof WorkerAction.Forget forget) {
            desk.forget(forget.run());
        } else if (action instanceof WorkerAction.Say say) {
            say(say);
        } else if (action instanceof WorkerAction.Exit exit) {
            ended.complete(exit);
        }
    }

    private static void say(WorkerAction.Say say) {
        switch (say.level()) {
            case INFO -> LOG.info("{}", say.line());
            case WARN -> LOG.warn("{}", say.line());
        }
    }

    private MasterPort.Listener listener(long number) {
        return new MasterPort.Listener() {
            @Override
            public void received(MasterMessage message) {
                happened(new WorkerEvent.Received(number, message));
            }

            @Override
            public void closed(String why) {
                happened(new WorkerEvent.LinkClosed(number, why));
            }
        };
    }

    /** The worker as it sees itself; fails when it has ended. */
    public CompletableFuture<WorkerStatus> status() {
        CompletableFuture<WorkerStatus> answer = new CompletableFuture<>();
        ended.whenComplete((exit, never) -> answer.completeExceptionally(new IllegalStateException("it has ended")));
        loop.submit(() -> answer.complete(new WorkerStatus(
                profile.worker(),
                profile.version(),
                profile.cluster(),
                profile.master(),
                coordinator.linkInWords(),
                coordinator.term(),
                profile.offered(),
                desk.memoryBytes(),
                coordinator.aliveTasks(),
                coordinator.fencedMasters())));
        return answer;
    }

    /** The counters of a run's tasks on this worker; empty if it is not here. */
    public List<TaskMetrics> metrics(RunId run) {
        return desk.metrics(run);
    }

    /** Off-heap bytes that a run holds on this worker. */
    public long memoryBytes(RunId run) {
        return desk.memoryBytes(run);
    }

    /** Leaves the master, lets go of all runs, and ends. */
    @Override
    public void close() {
        happened(new WorkerEvent.ShutdownAsked());
        ended.join();
        desk.close();
        loop.close();
    }
}
