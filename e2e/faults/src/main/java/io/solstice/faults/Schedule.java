package io.solstice.faults;

import io.solstice.common.fault.CrashPoint;
import io.solstice.faults.rig.FaultyDisk;
import io.solstice.faults.rig.Namespaces;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Road;
import io.solstice.faults.rig.StoreRoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is done, in order. The same seed makes the same schedule; the moments shift with the cluster, since each fault
 * waits until the one before is over and a checkpoint has been completed after it.
 */
record Schedule(List<Entry> entries) {
    private static final Duration SHORT = Duration.ofMillis(1000);
    private static final Duration LONG = Duration.ofMillis(6000);
    /** So that a process that starts takes nothing from those whose way back is measured. */
    private static final Duration BACK_LATE = Duration.ofMillis(5000);

    /** @param after the wait since the fault before is over */
    record Entry(Kind kind, Duration after, Fault fault) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "+%.1f s: %s", after.toMillis() / 1000.0, fault.text());
        }
    }

    /** What may be in a schedule. */
    enum Kind {
        KILL,
        PAUSE,
        POINT,
        ROAD,
        PARTITION,
        DISK,
        DAMAGE,
        MASTER,
        STORE;

        /** What this machine and this user can do. */
        static Set<Kind> possible() throws InterruptedException {
            Set<Kind> possible = EnumSet.allOf(Kind.class);
            if (!FaultyDisk.isPossible()) {
                possible.remove(DISK);
            }
            if (!Namespaces.isPossible()) {
                possible.remove(PARTITION);
            }
            return possible;
        }
    }

    Schedule {
        entries = List.copyOf(entries);
    }

    /** What has to be between the processes for all of it. */
    Set<Rig.Gear> gear() {
        Set<Rig.Gear> gear = EnumSet.noneOf(Rig.Gear.class);
        entries.forEach(entry -> gear.addAll(entry.fault().gear()));
        return gear;
    }

    static Schedule of(long seed, int faults, Set<Kind> kinds, Shape shape) {
        return new Schedule(new Deck(new Random(seed), shape).deal(faults, kinds));
    }

    /**
     * Kills of workers in turn, or of the leader if another master stands by, each at a random moment between two
     * checkpoints, so that the way back can be measured.
     */
    static Schedule ofKills(long seed, int kills, Shape shape) {
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            Duration after = Duration.ofMillis(random.nextInt(1000));
            entries.add(
                    shape.masters() > 1
                            ? new Entry(Kind.MASTER, after, new Fault.KillMaster(Duration.ZERO))
                            : new Entry(
                                    Kind.KILL,
                                    after,
                                    new Fault.KillWorkers(List.of(1 + i % 2), Duration.ZERO, BACK_LATE)));
        }
        return new Schedule(entries);
    }

    /** Faults as a seed has them; of each kind all forms come before one comes again, where there are few. */
    private static final class Deck {
        private final Random random;
        private final Shape shape;
        private final List<Fault> points = new ArrayList<>();
        private final List<Fault> roads = new ArrayList<>();
        private final List<Fault> partitions = new ArrayList<>();
        private final List<Fault> disks = new ArrayList<>();
        private final List<Fault> masters = new ArrayList<>();
        private final List<Fault> stores = new ArrayList<>();

        Deck(Random random, Shape shape) {
            this.random = random;
            this.shape = shape;
        }

        List<Entry> deal(int faults, Set<Kind> kinds) {
            List<Kind> order = new ArrayList<>(kinds);
            order.sort(null);
            // The job is submitted again after it, so it comes once, and last.
            order.remove(Kind.DAMAGE);
            if (order.contains(Kind.ROAD) && order.contains(Kind.PARTITION)) {
                // Processes have either roads between them or networks of their own.
                order.remove(random.nextBoolean() ? Kind.ROAD : Kind.PARTITION);
            }
            Collections.shuffle(order, random);
            List<Entry> entries = new ArrayList<>();
            int others = kinds.contains(Kind.DAMAGE) ? faults - 1 : faults;
            for (int i = 0; i < others && !order.isEmpty(); i++) {
                entries.add(entry(order.get(i % order.size())));
            }
            if (kinds.contains(Kind.DAMAGE) && faults > 0) {
                entries.add(entry(Kind.DAMAGE));
            }
            return entries;
        }

        private Entry entry(Kind kind) {
            Duration after = Duration.ofMillis(500 + random.nextInt(2500));
            return new Entry(
                    kind,
                    after,
                    switch (kind) {
                        case KILL -> kill();
                        case PAUSE -> new Fault.StopWorker(1, random.nextBoolean() ? SHORT : LONG);
                        case POINT -> draw(points, points(false));
                        case ROAD -> draw(roads, roads());
                        case PARTITION -> draw(partitions, partitions());
                        case DISK -> draw(disks, disks());
                        case DAMAGE ->
                            new Fault.Damage(Fault.Damage.What.values()[random.nextInt(3)], random.nextBoolean());
                        case MASTER -> draw(masters, masters());
                        case STORE -> draw(stores, stores());
                    });
        }

        private Duration downtime() {
            return Duration.ofMillis(500 + random.nextInt(3500));
        }

        private Fault draw(List<Fault> left, Stream<Fault> all) {
            if (left.isEmpty()) {
                left.addAll(all.toList());
                Collections.shuffle(left, random);
            }
            return left.remove(left.size() - 1);
        }

        private Fault kill() {
            Duration downtime = downtime();
            int many = random.nextInt(4) > 0 ? 1 : 2 + random.nextInt(shape.workers() - 1);
            List<Integer> victims = new ArrayList<>();
            for (int worker = 1; worker <= many; worker++) {
                victims.add(worker);
            }
            boolean atOnce = many == 1 || random.nextBoolean();
            Duration gap = atOnce ? Duration.ZERO : Duration.ofMillis(200 + random.nextInt(2000));
            return new Fault.KillWorkers(victims, gap, downtime);
        }

        private Stream<Fault> points(boolean ofMaster) {
            return Stream.of(CrashPoint.values())
                    .filter(point -> point.isOfMaster() == ofMaster)
                    .flatMap(point -> Stream.of(
                            new Fault.AtPoint(point, false, downtime()), new Fault.AtPoint(point, true, LONG)));
        }

        private static Stream<Fault> roads() {
            List<Fault> all = new ArrayList<>();
            for (Road.State state : EnumSet.complementOf(EnumSet.of(Road.State.OPEN))) {
                for (boolean toMaster : List.of(true, false)) {
                    all.add(new Fault.CutRoad(1, toMaster, state, SHORT));
                    all.add(new Fault.CutRoad(1, toMaster, state, LONG));
                }
            }
            all.addAll(Collections.nCopies(4, new Fault.ResetRoads(1)));
            return all.stream();
        }

        private Stream<Fault> partitions() {
            List<Fault> all = new ArrayList<>();
            for (Fault.Partition.Lost lost : Fault.Partition.Lost.values()) {
                all.addAll(List.of(new Fault.Partition(lost, SHORT), new Fault.Partition(lost, LONG)));
            }
            all.addAll(List.of(new Fault.LoneLeader(false, SHORT), new Fault.LoneLeader(false, LONG)));
            if (shape.masters() > 1 && shape.s3()) {
                // What it knows must be out of its reach as well, which a folder never is.
                all.add(new Fault.LoneLeader(true, LONG));
            }
            return all.stream();
        }

        private Stream<Fault> disks() {
            return Stream.of(FaultyDisk.Mode.values())
                    .filter(mode -> mode != FaultyDisk.Mode.HEALTHY)
                    .flatMap(mode -> Stream.of(true, false)
                            // Checkpoints in an S3 server are on no disk of these processes.
                            .filter(output -> output || !shape.s3())
                            .map(output -> new Fault.BadDisk(output, mode, LONG)));
        }

        private Stream<Fault> stores() {
            Stream<Fault> roads = Stream.of(StoreRoad.State.values())
                    .filter(state -> state != StoreRoad.State.OPEN)
                    .flatMap(state -> Stream.of(new Fault.BadStore(state, SHORT), new Fault.BadStore(state, LONG)));
            return Stream.concat(roads, Stream.of(new Fault.KillStore(SHORT), new Fault.KillStore(LONG)));
        }

        private Stream<Fault> masters() {
            return Stream.concat(
                    points(true),
                    Stream.of(
                            new Fault.KillMaster(Duration.ZERO),
                            new Fault.KillMaster(downtime()),
                            new Fault.StopMaster(SHORT),
                            new Fault.StopMaster(LONG)));
        }
    }
}
