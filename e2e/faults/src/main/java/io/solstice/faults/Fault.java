package io.solstice.faults;

import io.solstice.common.fault.CrashPoint;
import io.solstice.faults.rig.FaultyDisk;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Road;
import io.solstice.faults.rig.StoreRoad;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Something that is done to processes. Workers are named by numbers, of those that have tasks first. */
sealed interface Fault {
    /** A worker that is not heard of for so long is taken for lost, and its work given to others. */
    Duration TAKEN_FOR_LOST = Duration.ofSeconds(5);

    /** As it is written in a schedule. */
    String text();

    /** What has to be between the processes for it. */
    default Set<Rig.Gear> gear() {
        return Set.of();
    }

    /**
     * SIGKILL for workers, which are started again after a while.
     *
     * @param gap between two of them: a short one hits the job while it recovers
     */
    record KillWorkers(List<Integer> workers, Duration gap, Duration downtime) implements Fault {
        public KillWorkers {
            workers = List.copyOf(workers);
        }

        @Override
        public String text() {
            String apart = gap.isZero() ? "" : ", " + seconds(gap) + " apart";
            return "kill -9 of " + names(workers) + apart + ", back after " + seconds(downtime);
        }
    }

    /** SIGSTOP, and SIGCONT after a while: a long one makes a zombie, which finds that others do its work. */
    record StopWorker(int worker, Duration time) implements Fault {
        /** Whether the master gives its work to others meanwhile. */
        boolean makesZombie() {
            return time.compareTo(TAKEN_FOR_LOST) > 0;
        }

        @Override
        public String text() {
            return "SIGSTOP of " + names(List.of(worker)) + " for " + seconds(time);
        }
    }

    /** Whoever is the first at a point ends there, or stands still until others do its work, and goes on from it. */
    record AtPoint(CrashPoint point, boolean stops, Duration time) implements Fault {
        /** Whether others do the work of a process that stands still for so long. */
        boolean isLong() {
            return time.compareTo(TAKEN_FOR_LOST) > 0;
        }

        @Override
        public String text() {
            return (stops ? "stands still at " : "ends at ")
                    + point.file()
                    + (stops ? " for " : ", back after ")
                    + seconds(time);
        }
    }

    /** Connections of a worker are broken off or held up, and left alone again after a while. */
    record CutRoad(int worker, boolean toMaster, Road.State state, Duration time) implements Fault {
        /** Whether the master must take the worker for lost: it hears nothing from it for long. */
        boolean isLost() {
            boolean unheard = state == Road.State.HELD || state == Road.State.HELD_THERE;
            return toMaster && unheard && time.compareTo(TAKEN_FOR_LOST) > 0;
        }

        @Override
        public String text() {
            String road = toMaster ? "road to the master of " : "road into ";
            return road + names(List.of(worker)) + " "
                    + state.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " for " + seconds(time);
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.ROADS);
        }
    }

    /** What is sent is lost on its way, and nobody is told. */
    record Partition(Lost lost, Duration time) implements Fault {
        /** Between which processes; the first worker is one with tasks. */
        enum Lost {
            BETWEEN_WORKER_AND_ALL,
            FROM_WORKER_TO_MASTER,
            FROM_MASTER_TO_WORKER,
            FROM_WORKER_TO_ANOTHER
        }

        /** Whether the master must take the worker for lost. */
        boolean isLost() {
            boolean unheard = lost == Lost.BETWEEN_WORKER_AND_ALL || lost == Lost.FROM_WORKER_TO_MASTER;
            return unheard && time.compareTo(TAKEN_FOR_LOST) > 0;
        }

        @Override
        public String text() {
            return "all is lost " + lost.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " for " + seconds(time);
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.NAMESPACES);
        }
    }

    /**
     * Nothing gets to the leading master or from it, while it lives on.
     *
     * @param fromAll from its store and the other masters too, so that another one must lead; else only from the workers
     */
    record LoneLeader(boolean fromAll, Duration time) implements Fault {
        /** Whether it must take all workers for lost. */
        boolean isLost() {
            return !fromAll && time.compareTo(TAKEN_FOR_LOST) > 0;
        }

        @Override
        public String text() {
            return "the leading master is cut off from " + (fromAll ? "all" : "the workers") + " for " + seconds(time);
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.NAMESPACES);
        }
    }

    /** All connections of a worker are reset once. */
    record ResetRoads(int worker) implements Fault {
        @Override
        public String text() {
            return "reset of all connections of " + names(List.of(worker));
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.ROADS);
        }
    }

    /** The disk below the checkpoints, or below the output, is full, fails, or is slow, for all processes. */
    record BadDisk(boolean output, FaultyDisk.Mode mode, Duration time) implements Fault {
        @Override
        public String text() {
            return "disk of the " + (output ? "output" : "checkpoints") + " "
                    + mode.name().toLowerCase(Locale.ROOT) + " for " + seconds(time);
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.DISK);
        }
    }

    /** Requests to the S3 store of all processes are harmed for a while. */
    record BadStore(StoreRoad.State state, Duration time) implements Fault {
        @Override
        public String text() {
            return "road to the store " + state.name().toLowerCase(Locale.ROOT) + " for " + seconds(time);
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.S3);
        }
    }

    /** SIGKILL for the S3 server, which is started again with what it has kept. */
    record KillStore(Duration downtime) implements Fault {
        @Override
        public String text() {
            return "kill -9 of the store, back after " + seconds(downtime);
        }

        @Override
        public Set<Rig.Gear> gear() {
            return Set.of(Rig.Gear.S3);
        }
    }

    /** An object of the newest checkpoint is not what it was, and the job has to go back to it. */
    record Damage(What what, boolean torn) implements Fault {
        /** Which object. */
        enum What {
            ENTRY,
            MANIFEST,
            STATE
        }

        @Override
        public String text() {
            return (torn ? "end torn off " : "byte flipped in ") + "the newest checkpoint's "
                    + what.name().toLowerCase(Locale.ROOT)
                    + (what == What.STATE ? ", and kill -9 of a worker" : ", and the job restored from it");
        }
    }

    /** SIGKILL for the master, which is started again; workers and tasks are to go on meanwhile. */
    record KillMaster(Duration downtime) implements Fault {
        @Override
        public String text() {
            return "kill -9 of the master, back after " + seconds(downtime);
        }
    }

    /** SIGSTOP for the master, and SIGCONT after a while. */
    record StopMaster(Duration time) implements Fault {
        @Override
        public String text() {
            return "SIGSTOP of the master for " + seconds(time);
        }
    }

    private static String names(List<Integer> workers) {
        return "worker" + (workers.size() == 1 ? " " : "s ")
                + String.join(" and ", workers.stream().map(Object::toString).toList());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
