package io.solstice.faults;

import io.solstice.common.crash.CrashPoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Something that is done to processes. Workers are named by numbers, of those that have tasks first. */
sealed interface Fault {
    /** As it is written in a schedule. */
    String text();

    /** SIGKILL for workers, which are started again after a while. */
    record KillWorkers(List<Integer> workers, Duration downtime) implements Fault {
        public KillWorkers {
            workers = List.copyOf(workers);
        }

        @Override
        public String text() {
            return "kill -9 of " + names(workers) + ", back after " + seconds(downtime);
        }
    }

    /** SIGKILL for the master, which is started again after a while. */
    record KillMaster(Duration downtime) implements Fault {
        @Override
        public String text() {
            return "kill -9 of the master, back after " + seconds(downtime);
        }
    }

    /** SIGSTOP, and SIGCONT after a while: a long one makes a zombie, which finds that others do its work. */
    record StopWorker(int worker, Duration time) implements Fault {
        @Override
        public String text() {
            return "SIGSTOP of " + names(List.of(worker)) + " for " + seconds(time);
        }
    }

    /** A process ends itself at a named point, as if it were killed there. */
    record CrashAt(CrashPoint point, int nth, Duration downtime) implements Fault {
        @Override
        public String text() {
            return "halt at " + point + "#" + nth + ", back after " + seconds(downtime);
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
