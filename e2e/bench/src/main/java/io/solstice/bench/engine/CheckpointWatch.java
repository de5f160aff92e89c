package io.solstice.bench.engine;

import io.solstice.api.CheckpointStatus;
import io.solstice.api.JobHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Notes what each checkpoint of a job took, from the job's beginning to its end, as its status says. */
public final class CheckpointWatch {
    private final JobHandle job;
    private final long pauseNanos;
    private final Thread thread = new Thread(this::watch, "checkpoint-watch");
    private final List<Long> millis = new ArrayList<>();
    private volatile boolean closed;
    private volatile int seen;

    /** @param pause from one look to the next: less than a checkpoint takes, else some are missed */
    public CheckpointWatch(JobHandle job, Duration pause) {
        this.job = job;
        this.pauseNanos = pause.toNanos();
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(pauseNanos);
        }
        look();
    }

    private void look() {
        CheckpointStatus now = job.getStatus().checkpoints();
        if (now.totalCheckpoints() > seen) {
            seen = now.totalCheckpoints();
            millis.add(now.latestDurationMillis());
        }
    }

    /** How many have been completed so far. */
    public int seen() {
        return seen;
    }

    /** Ends the watch. Returns milliseconds; of two that were completed between two looks only the later one's. */
    public List<Long> end() throws InterruptedException {
        closed = true;
        LockSupport.unpark(thread);
        thread.join();
        return List.copyOf(millis);
    }
}
