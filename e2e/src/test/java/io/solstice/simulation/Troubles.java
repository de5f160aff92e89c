package io.solstice.simulation;

import io.solstice.common.id.WorkerId;
import io.solstice.worker.control.WorkerEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The bad luck of a world: who is killed, stands still or is cut off, and when; and who stays so. */
final class Troubles {
    private final World world;
    private final Timeline timeline;
    private final Set<WorkerId> cutUp = new HashSet<>();
    private final Set<WorkerId> cutDown = new HashSet<>();
    /** Workers that will not come back. */
    private final Set<WorkerId> forsaken = new HashSet<>();

    private Faults faults;
    private int count;
    private boolean over;

    Troubles(World world, Timeline timeline, Faults faults) {
        this.world = world;
        this.timeline = timeline;
        this.faults = faults;
        timeline.in(1_000, this::strike);
    }

    private void strike() {
        if (over) {
            return;
        }
        for (WorkerNode worker : List.copyOf(world.workers())) {
            if (worker.machine().isAlive() && !worker.machine().isPaused()) {
                strike(worker);
            }
        }
        strikeMaster();
        timeline.in(1_000, this::strike);
    }

    private void strike(WorkerNode worker) {
        WorkerId id = worker.id();
        if (happens(faults.workerCrash(), id + " is killed")) {
            world.kill(worker);
        } else if (happens(faults.workerStop(), id + " is stopped")) {
            worker.machine().run(() -> worker.happens(new WorkerEvent.ShutdownAsked()));
        } else if (happens(faults.pause(), id + " stands still")) {
            pause(worker.machine());
        }
        if (happens(faults.partition(), id + " is cut off")) {
            cut(id, true, true);
        }
        if (happens(faults.oneWay(), id + " is cut off in one direction")) {
            boolean up = timeline.chance(0.5);
            cut(id, up, !up);
        }
        if (happens(faults.reset(), "the connection of " + id + " is reset")) {
            world.reset(worker);
        }
    }

    private void strikeMaster() {
        MasterNode leader = world.leader();
        if (!leader.machine().isAlive() || leader.machine().isPaused()) {
            return;
        }
        if (happens(faults.masterCrash(), "the master is killed")) {
            world.kill(leader);
        } else if (happens(faults.masterCrash(), "the master stands still, and another one is started")) {
            pause(leader.machine());
            timeline.in(timeline.delay(100, 5_000), world::startMaster);
        } else if (happens(faults.pause(), "the master stands still")) {
            pause(leader.machine());
        }
    }

    private boolean happens(double chance, String what) {
        if (!timeline.chance(chance)) {
            return false;
        }
        count++;
        timeline.tell(what);
        return true;
    }

    private void pause(Machine machine) {
        machine.pause();
        timeline.in(timeline.delay(100, 30_000), machine::resume);
    }

    private void cut(WorkerId id, boolean up, boolean down) {
        if (up) {
            cutUp.add(id);
        }
        if (down) {
            cutDown.add(id);
        }
        timeline.in(timeline.delay(100, 30_000), () -> {
            if (!forsaken.contains(id)) {
                cutUp.remove(id);
                cutDown.remove(id);
                world.flow();
            }
        });
    }

    /** Everything is well from now on, but for these workers, and masters that no longer lead: they never come back. */
    void end(Set<WorkerId> few) {
        timeline.tell(few.isEmpty() ? "peace" : "peace but for " + few);
        over = true;
        forsaken.addAll(few);
        faults = faults.none();
        cutUp.retainAll(few);
        cutDown.retainAll(few);
        world.masters().stream().filter(master -> !world.isLeader(master)).forEach(old -> {
            if (!few.isEmpty() && old.machine().isPaused()) {
                old.machine().freeze();
            }
        });
        for (WorkerNode worker : List.copyOf(world.workers())) {
            if (few.contains(worker.id())) {
                harmForEver(worker);
            }
        }
        world.masters().forEach(master -> master.machine().resume());
        world.workers().forEach(worker -> worker.machine().resume());
        world.flow();
    }

    private void harmForEver(WorkerNode worker) {
        switch (timeline.random().nextInt(3)) {
            case 0 -> world.kill(worker);
            case 1 -> worker.machine().freeze();
            default -> {
                cutUp.add(worker.id());
                cutDown.add(worker.id());
            }
        }
    }

    boolean areOver() {
        return over;
    }

    boolean leaveSomeAlone() {
        return !forsaken.isEmpty();
    }

    boolean isForsaken(WorkerId id) {
        return forsaken.contains(id);
    }

    boolean isCutUp(WorkerId id) {
        return cutUp.contains(id);
    }

    boolean isCutDown(WorkerId id) {
        return cutDown.contains(id);
    }

    Faults faults() {
        return faults;
    }

    int count() {
        return count;
    }
}
