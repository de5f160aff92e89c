package io.solstice.faults;

import io.solstice.common.loop.Clock;
import io.solstice.faults.Done.Effect;
import io.solstice.faults.rig.FaultyDisk;
import io.solstice.faults.rig.Namespaces;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Road;
import io.solstice.faults.rig.StoreRoad;
import io.solstice.faults.rig.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Does what a schedule says to the roads between processes and to their disks. Used by one thread. */
final class Surroundings {
    private static final int SLOW_MILLIS = 300;
    private static final Duration BITE = Duration.ofSeconds(10);

    private final Rig rig;
    private final Places places;
    private final Supplier<List<String>> victims;

    /** @param victims the workers, those with tasks first */
    Surroundings(Rig rig, Places places, Supplier<List<String>> victims) {
        this.rig = rig;
        this.places = places;
        this.victims = victims;
    }

    Done inject(Fault fault) throws IOException, InterruptedException {
        if (fault instanceof Fault.CutRoad cut) {
            return cut(cut);
        }
        if (fault instanceof Fault.ResetRoads reset) {
            return reset(reset);
        }
        if (fault instanceof Fault.Partition partition) {
            return part(partition);
        }
        if (fault instanceof Fault.BadDisk bad) {
            return spoil(bad);
        }
        if (fault instanceof Fault.BadStore bad) {
            return spoil(bad);
        }
        if (fault instanceof Fault.KillStore kill) {
            return kill(kill);
        }
        throw new IllegalArgumentException("this is done elsewhere: " + fault.text());
    }

    private Done cut(Fault.CutRoad fault) throws InterruptedException {
        String worker = victims.get().get(fault.worker() - 1);
        List<Road> roads = fault.toMaster()
                ? rig.roads().toMasters(worker)
                : List.of(rig.roads().intoWorker(worker));
        roads.forEach(road -> road.become(fault.state()));
        // Some roads are quiet for a while.
        Wait.until(BITE, () -> bites(roads) > 0);
        Wait.pause(fault.time());
        long bites = bites(roads);
        roads.forEach(road -> road.become(Road.State.OPEN));
        return new Done(
                Clock.SYSTEM.monotonicNanos(),
                fault.text() + " [" + worker + "] (" + bites + " hits)",
                bites > 0,
                fault.isLost() ? Effect.RESTART : Effect.ANY,
                Set.of(worker));
    }

    private static long bites(List<Road> roads) {
        return roads.stream().mapToLong(Road::bites).sum();
    }

    private Done reset(Fault.ResetRoads fault) {
        String worker = victims.get().get(fault.worker() - 1);
        List<Road> roads = new ArrayList<>(rig.roads().toMasters(worker));
        roads.add(rig.roads().intoWorker(worker));
        roads.forEach(road -> road.become(Road.State.OPEN));
        roads.forEach(Road::breakOff);
        long bites = bites(roads);
        return new Done(
                Clock.SYSTEM.monotonicNanos(),
                fault.text() + " [" + worker + "] (" + bites + " sockets)",
                bites > 0,
                Effect.ANY);
    }

    private Done part(Fault.Partition fault) throws IOException, InterruptedException {
        Namespaces net = rig.namespaces();
        Node worker = rig.worker(victims.get().get(0));
        Node other = rig.worker(victims.get().get(1));
        List<Node> masters = rig.masters().nodes();
        List<Node> senders = rig.processes();
        long before = sentAgain(senders);
        switch (fault.lost()) {
            case BETWEEN_WORKER_AND_ALL -> net.isolate(worker.name());
            case FROM_WORKER_TO_MASTER -> {
                for (Node master : masters) {
                    net.lose(worker.name(), master.name());
                }
            }
            case FROM_MASTER_TO_WORKER -> {
                for (Node master : masters) {
                    net.lose(master.name(), worker.name());
                }
            }
            case FROM_WORKER_TO_ANOTHER -> net.lose(worker.name(), other.name());
        }
        Wait.until(BITE, () -> sentAgain(senders) > before);
        Wait.pause(fault.time());
        long bites = sentAgain(senders) - before;
        net.heal();
        return new Done(
                Clock.SYSTEM.monotonicNanos(),
                fault.text() + " [" + worker.name() + "] (" + bites + " segments sent again)",
                bites > 0,
                fault.isLost() ? Effect.RESTART : Effect.ANY,
                Set.of(worker.name()));
    }

    private long sentAgain(List<Node> senders) throws IOException {
        long count = 0;
        for (Node sender : senders) {
            count += rig.namespaces().sentAgain(sender);
        }
        return count;
    }

    private Done spoil(Fault.BadDisk fault) throws IOException, InterruptedException {
        FaultyDisk disk = rig.disk();
        Path folder = fault.output() ? places.output() : places.checkpoints();
        disk.order(fault.mode(), folder, SLOW_MILLIS);
        Wait.pause(fault.time());
        disk.heal();
        long bites = disk.bites();
        return new Done(Clock.SYSTEM.monotonicNanos(), fault.text() + " (" + bites + " calls)", bites > 0, Effect.ANY);
    }

    private Done spoil(Fault.BadStore fault) throws InterruptedException {
        StoreRoad road = rig.store().road();
        long now = Clock.SYSTEM.monotonicNanos();
        road.become(fault.state());
        Wait.until(BITE, () -> road.bites() > 0);
        Wait.pause(fault.time());
        long bites = road.bites();
        road.become(StoreRoad.State.OPEN);
        return new Done(
                now,
                Clock.SYSTEM.monotonicNanos(),
                fault.text() + " (" + bites + " requests)",
                bites > 0,
                Effect.NO_RESTART);
    }

    private Done kill(Fault.KillStore fault) throws IOException, InterruptedException {
        long now = Clock.SYSTEM.monotonicNanos();
        boolean bit = rig.store().kill();
        Wait.pause(fault.downtime());
        rig.store().start();
        return new Done(now, Clock.SYSTEM.monotonicNanos(), fault.text() + " (exit 137)", bit, Effect.NO_RESTART);
    }
}
