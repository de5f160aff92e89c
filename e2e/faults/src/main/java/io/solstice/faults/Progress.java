package io.solstice.faults;

import io.solstice.common.loop.Clock;
import io.solstice.faults.check.CheckpointFolder;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Wait;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks, on a thread of its own, how a job comes back after a kill: when the master knows of it, when all tasks run
 * again, and when the first checkpoint of the new generation counts.
 */
final class Progress implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(10);

    private final Rig rig;
    private final String job;
    private final CheckpointFolder checkpoints;
    private final long generation;
    private final int restarts;
    private final Thread thread = new Thread(this::run, "faults-progress");
    private volatile boolean stopped;
    private volatile long known;
    private volatile long running;
    private volatile long counted;

    /** What the steps of a recovery took, in seconds from the kill on; negative for one that was not seen. */
    record Split(double known, double running, double checkpoint) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "known %.2f, running %.2f, checkpoint %.2f s", known, running, checkpoint);
        }
    }

    /** Begins to look. */
    Progress(Rig rig, String job, CheckpointFolder checkpoints) throws IOException {
        this.rig = rig;
        this.job = job;
        this.checkpoints = checkpoints;
        this.generation = checkpoints.newestGeneration();
        this.restarts = rig.describe(job).getJob().getRestarts();
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopped && counted == 0) {
                look();
                Wait.pause(STEP);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            if (running == 0) {
                look(rig.describe(job));
            } else if (checkpoints.newestGeneration() > generation) {
                counted = Clock.SYSTEM.monotonicNanos();
            }
        } catch (IOException | RuntimeException noAnswer) {
            // then the next look tells
        }
    }

    private void look(JobDescription description) {
        Job now = description.getJob();
        boolean again = now.getRestarts() > restarts;
        if (known == 0 && (again || now.getState() != JobState.RUNNING)) {
            known = Clock.SYSTEM.monotonicNanos();
        }
        boolean runs = now.getState() == JobState.RUNNING
                && description.getTasksList().stream()
                        .allMatch(task -> task.getState().equals("RUNNING"));
        if (again && runs) {
            running = Clock.SYSTEM.monotonicNanos();
        }
    }

    /** What was seen, after a kill at that moment; null if the master saw nothing. */
    @Nullable
    Split since(long nanos) {
        return known == 0 ? null : new Split(seconds(known, nanos), seconds(running, nanos), seconds(counted, nanos));
    }

    private static double seconds(long at, long nanos) {
        return at == 0 ? -1 : (at - nanos) / 1e9;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
