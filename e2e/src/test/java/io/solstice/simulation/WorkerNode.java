package io.solstice.simulation;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerAction;
import io.solstice.worker.control.WorkerCoordinator;
import io.solstice.worker.control.WorkerEvent;
import io.solstice.worker.control.WorkerProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One process of a worker: decides with the real coordinator; what it carries out is made up. */
final class WorkerNode {
    private final Machine machine = new Machine();
    private final World world;
    private final WorkerId id;
    private final Resources offered;
    private final WorkerCoordinator coordinator;
    private final Map<RunId, Execution> executions = new HashMap<>();
    private final Map<Long, Long> terms = new HashMap<>();
    private long newestTerm;
    private @Nullable Connection connection;

    WorkerNode(World world, WorkerId id, Resources offered, int port) {
        this.world = world;
        this.id = id;
        this.offered = offered;
        WorkerProfile profile = new WorkerProfile(id, new Endpoint("host", port), offered, "1", "test", "master:7070");
        this.coordinator = new WorkerCoordinator(
                profile, LinkTimes.DEFAULT, new Random(world.timeline().random().nextLong()));
        tick();
    }

    private void tick() {
        machine.run(() -> happens(new WorkerEvent.Tick()));
        if (machine.isAlive()) {
            world.timeline().in(100, this::tick);
        }
    }

    WorkerId id() {
        return id;
    }

    Resources offered() {
        return offered;
    }

    Machine machine() {
        return machine;
    }

    List<RunId> held() {
        return coordinator.held();
    }

    void happens(WorkerEvent event) {
        WorkerEvent heard = event;
        if (world.plant() == Plant.OLD_RUNS_ARE_KEPT
                && event instanceof WorkerEvent.Received received
                && received.message() instanceof MasterMessage.Welcome welcome) {
            heard = new WorkerEvent.Received(
                    received.link(), new MasterMessage.Welcome(welcome.term(), coordinator.held()));
        }
        List<WorkerAction> actions = coordinator.on(heard, world.timeline().now());
        checkTerm(heard, actions);
        actions.forEach(this::act);
    }

    /** Once it has been welcomed in a newer term, nobody of an older one tells it what to do. */
    private void checkTerm(WorkerEvent heard, List<WorkerAction> actions) {
        if (!(heard instanceof WorkerEvent.Received received)) {
            return;
        }
        if (received.message() instanceof MasterMessage.Welcome welcome) {
            terms.put(received.link(), welcome.term());
            newestTerm = Math.max(newestTerm, welcome.term());
        }
        boolean obeys = actions.stream().anyMatch(action -> action instanceof WorkerAction.CarryOut);
        Invariant.I1.holds(
                !obeys || terms.getOrDefault(received.link(), 0L) >= newestTerm,
                () -> id + " has served a master of term " + newestTerm + ", and now obeys " + received);
    }

    /** A command arrives a second time. */
    void hearsAgain(long link, MasterMessage.Command command) {
        if (world.plant() == Plant.COMMANDS_ARE_REPEATED) {
            act(new WorkerAction.CarryOut(command.command()));
        } else {
            happens(new WorkerEvent.Received(link, command));
        }
    }

    void report(WorkerReport report) {
        happens(new WorkerEvent.Reported(report));
    }

    private void act(WorkerAction action) {
        Connection open = connection;
        if (action instanceof WorkerAction.OpenLink opening) {
            open(opening);
        } else if (action instanceof WorkerAction.Send send && open != null) {
            open.toMaster(told(send.message()));
        } else if (action instanceof WorkerAction.SendHeartbeat beat && open != null) {
            open.toMaster(new WorkerMessage.Heartbeat(beat.sequence(), 0, List.of()));
        } else if (action instanceof WorkerAction.CloseLink && open != null) {
            open.closedByWorker("the worker closed it");
            connection = null;
        } else if (action instanceof WorkerAction.CarryOut carryOut) {
            world.timeline().tell(id + " carries out " + carryOut.command());
            executions
                    .computeIfAbsent(carryOut.command().run(), run -> new Execution(world, this, run))
                    .carryOut(carryOut.command());
        } else if (action instanceof WorkerAction.Forget forget) {
            executions.remove(forget.run());
        } else if (action instanceof WorkerAction.Exit) {
            world.kill(this);
        }
    }

    private WorkerMessage told(WorkerMessage message) {
        if (world.plant() == Plant.ACCOUNTS_ARE_LOST
                && message instanceof WorkerMessage.Report report
                && report.report() instanceof WorkerReport.Kept kept) {
            RunAccount account = kept.account();
            return new WorkerMessage.Report(new WorkerReport.Kept(
                    kept.run(), new RunAccount(List.of(), account.epoch(), account.last(), List.of(), List.of())));
        }
        boolean forgetful = world.plant() == Plant.SEALED_UNDER_THE_OLD_MASTER_IS_FORGOTTEN
                || world.plant() == Plant.SPLITS_OF_THE_OLD_MASTER_ARE_FORGOTTEN;
        if (forgetful
                && message instanceof WorkerMessage.Report report
                && report.report() instanceof WorkerReport.Kept kept) {
            return new WorkerMessage.Report(new WorkerReport.Kept(kept.run(), without(kept.account())));
        }
        return message;
    }

    private RunAccount without(RunAccount whole) {
        boolean splits = world.plant() == Plant.SPLITS_OF_THE_OLD_MASTER_ARE_FORGOTTEN;
        return new RunAccount(
                whole.alive(),
                whole.epoch(),
                whole.last(),
                splits ? List.of() : whole.assigned(),
                splits
                        ? whole.reports()
                        : whole.reports().stream().map(WorkerNode::unsealed).toList(),
                whole.renewed());
    }

    private static WorkerReport unsealed(WorkerReport report) {
        if (report instanceof WorkerReport.SnapshotTaken taken) {
            TaskSnapshot whole = taken.snapshot();
            return new WorkerReport.SnapshotTaken(
                    taken.run(),
                    taken.epoch(),
                    new TaskSnapshot(whole.task(), whole.positions(), whole.states(), List.of()));
        }
        return report;
    }

    private void open(WorkerAction.OpenLink opening) {
        Connection made = world.connect(this, opening.link());
        connection = made;
        if (made == null) {
            world.timeline()
                    .in(
                            world.latency(),
                            () -> machine.run(
                                    () -> happens(new WorkerEvent.LinkClosed(opening.link(), "connection refused"))));
        } else {
            made.toMaster(new WorkerMessage.Register(opening.registration()));
        }
    }
}
