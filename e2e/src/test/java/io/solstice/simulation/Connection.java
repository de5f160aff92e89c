package io.solstice.simulation;

import io.solstice.common.id.RunId;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.master.cluster.MasterEvent;
import io.solstice.master.cluster.SessionId;
import io.solstice.worker.control.WorkerEvent;

/** Between one worker and one master, as TCP would have it: in order, until it breaks. */
final class Connection {
    private final World world;
    private final WorkerNode worker;
    private final MasterNode master;
    private final long link;
    private final SessionId session;
    private final Pipe up;
    private final Pipe down;

    Connection(World world, WorkerNode worker, MasterNode master, long link, SessionId session) {
        this.world = world;
        this.worker = worker;
        this.master = master;
        this.link = link;
        this.session = session;
        this.up = new Pipe(world.timeline(), () -> world.troubles().isCutUp(worker.id()), world::latency);
        this.down = new Pipe(world.timeline(), () -> world.troubles().isCutDown(worker.id()), world::latency);
    }

    boolean isOf(WorkerNode node) {
        return worker == node;
    }

    boolean isOf(MasterNode node) {
        return master == node;
    }

    SessionId session() {
        return session;
    }

    void toMaster(WorkerMessage message) {
        up.send(() -> master.machine().run(() -> master.happens(new MasterEvent.Received(session, message))));
        if (message instanceof WorkerMessage.Report report && world.duplicates()) {
            again(
                    up,
                    report.report().run(),
                    () -> master.machine().run(() -> master.happens(new MasterEvent.Received(session, message))));
        }
    }

    void toWorker(MasterMessage message) {
        down.send(() -> worker.machine().run(() -> worker.happens(new WorkerEvent.Received(link, message))));
        if (message instanceof MasterMessage.Command command && world.duplicates()) {
            again(down, command.command().run(), () -> worker.machine().run(() -> worker.hearsAgain(link, command)));
        }
    }

    /**
     * A message comes a second time, which no stream does. It says which run it is of, but not which attempt of a task:
     * so not when tasks begin again within the run, or have done so since.
     */
    private void again(Pipe way, RunId run, Runnable arrival) {
        if (world.ledger().isRenewing(run)) {
            return;
        }
        int before = world.ledger().changes(run);
        world.timeline()
                .in(
                        world.latency(),
                        () -> way.send(() -> {
                            if (world.ledger().changes(run) == before) {
                                arrival.run();
                            }
                        }));
    }

    void closedByWorker(String why) {
        up.send(() -> masterHears(why));
    }

    void closedByMaster(String why) {
        down.send(() -> workerHears(why));
    }

    /** The worker's process is gone; its kernel says so. */
    void workerDied() {
        down.tear();
        up.send(() -> masterHears("the process ended"));
    }

    void masterDied() {
        up.tear();
        down.send(() -> workerHears("the process ended"));
    }

    /** Somebody between the two ends the connection, and all that is under way is lost. */
    void reset() {
        up.tear();
        down.tear();
        world.timeline().in(world.latency(), () -> masterHears("connection reset"));
        world.timeline().in(world.latency(), () -> workerHears("connection reset"));
    }

    private void masterHears(String why) {
        master.machine().run(() -> master.happens(new MasterEvent.Disconnected(session, why)));
    }

    private void workerHears(String why) {
        worker.machine().run(() -> worker.happens(new WorkerEvent.LinkClosed(link, why)));
    }

    void flow() {
        up.flow();
        down.flow();
    }
}
