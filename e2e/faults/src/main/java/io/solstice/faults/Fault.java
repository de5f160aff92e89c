package io.solstice.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Something that is done to processes. Workers are named by numbers, of those that have tasks first. */
sealed interface Fault {
    /** As it is written in a schedule. */
    String text();

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
        private static final Duration TAKEN_FOR_LOST = Duration.ofSeconds(5);

        /** Whether the master gives its work to others meanwhile. */
        boolean makesZombie() {
            return time.compareTo(TAKEN_FOR_LOST) > 0;
        }

        @Override
        public String text() {
            return "SIGSTOP of " + names(List.of(worker)) + " for " + seconds(time);
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
