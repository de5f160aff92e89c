package io.solstice.api;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One job and the engine that runs it, by the verbs of a person's day: initialize, run, look, wait, stop. Made by
 * {@link Job#createRunner()} for this process, and by {@code SolsticeClient.createRunner} for a cluster.
 *
 * <pre>{@code
 * try (Runner runner = job.createRunner()) {
 *     runner.run();
 *     runner.waitForCompletion(Duration.ofMinutes(5));
 * }
 * }</pre>
 *
 * One thread initializes, runs and shuts down; any thread may do the rest.
 */
public final class Runner implements AutoCloseable {
    private final Supplier<JobStatus> before;
    private final Launch launch;
    private final AtomicBoolean initialized = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable JobHandle> running = new AtomicReference<>();
    private volatile RestoreFrom restoreFrom = RestoreFrom.NOTHING;

    /** How a runner gets at its engine. */
    public interface Launch {
        /** Readies the engine. Called once, before all else. */
        void open();

        /** @param restoreFrom as {@link Solstice#submit(Job, RestoreFrom)} has it */
        JobHandle submit(RestoreFrom restoreFrom);

        /** A checkpoint of the job as it is before it is submitted. */
        default String checkpointBefore(RestoreFrom restoreFrom) {
            throw notRun();
        }

        /** The ids of what earlier runs left, oldest first. */
        default List<String> checkpointsBefore() {
            throw notRun();
        }

        private static SolsticeException notRun() {
            return ErrorCode.JOB_STATE
                    .error("the job has not been run")
                    .help("call run() first")
                    .toException();
        }

        /** Called once, after all else, and only if it was opened. */
        void close();

        /** On an engine in this process that lives as long as the runner. */
        static Launch embedded(Job job) {
            return new EmbeddedLaunch(job);
        }
    }

    /** @param before the job's status until it is submitted */
    public Runner(Supplier<JobStatus> before, Launch launch) {
        this.before = before;
        this.launch = launch;
    }

    /** Checks the job and readies its engine. Does nothing the second time. */
    public void initialize() {
        if (closed.get()) {
            throw ErrorCode.ENGINE_CLOSED
                    .error("this runner has been shut down")
                    .help("make another one")
                    .toException();
        }
        if (!initialized.get()) {
            launch.open();
            initialized.set(true);
        }
    }

    /** Submits the job, initializing first if need be, and returns when it runs or waits for room. Once only. */
    public JobHandle run() {
        initialize();
        JobHandle earlier = running.get();
        if (earlier != null) {
            throw ErrorCode.JOB_STATE
                    .error("job '" + earlier.jobId() + "' has been run by this runner")
                    .help("make another runner to run it again")
                    .toException();
        }
        JobHandle handle = launch.submit(restoreFrom);
        running.set(handle);
        return handle;
    }

    /**
     * Lets {@link #run} begin with a checkpoint of the job's id instead of anew. Whether it is there is found out by
     * {@link #run}, which refuses a checkpoint that is not there or does not fit.
     */
    public void restoreFromCheckpoint(String checkpointId) {
        restoreFromCheckpoint(RestoreFrom.of(checkpointId));
    }

    /** Like {@link #restoreFromCheckpoint(String)}, also for a job in which stages of the checkpoint have other ids. */
    public void restoreFromCheckpoint(RestoreFrom from) {
        JobHandle earlier = running.get();
        if (earlier != null) {
            throw ErrorCode.JOB_STATE
                    .error("job '" + earlier.jobId() + "' has been run by this runner")
                    .help("make another runner, and restore before it runs")
                    .toException();
        }
        restoreFrom = from;
    }

    /** Like {@link #restoreFromCheckpoint(String)}, with the newest completed checkpoint. */
    public void restoreFromCheckpoint() {
        restoreFromCheckpoint(RestoreFrom.LATEST);
    }

    public boolean isInitialized() {
        return initialized.get();
    }

    /** Whether the job has been submitted and has not ended. */
    public boolean isRunning() {
        JobHandle handle = running.get();
        return handle != null && handle.getStatus().isRunning();
    }

    public JobStatus getStatus() {
        JobHandle handle = running.get();
        return handle == null ? before.get() : handle.getStatus();
    }

    public JobMetrics getMetrics() {
        JobHandle handle = running.get();
        return handle == null ? JobMetrics.empty(before.get().jobId()) : handle.getMetrics();
    }

    /**
     * Like {@link JobHandle#triggerCheckpoint()}. Before {@link #run} it is the checkpoint with which the job will begin,
     * or, in this process, a new one of a job that has read nothing, which a later run may begin with.
     */
    public String triggerCheckpoint() {
        return running.get() == null && initialized.get()
                ? launch.checkpointBefore(restoreFrom)
                : handle().triggerCheckpoint();
    }

    /** Like {@link JobHandle#stopWithSavepoint()}. */
    public String stopWithSavepoint() {
        return handle().stopWithSavepoint();
    }

    /** Like {@link JobHandle#listCheckpoints()}; before {@link #run} those that earlier runs of the job left. */
    public List<String> listCheckpoints() {
        return running.get() == null && initialized.get() ? launch.checkpointsBefore() : handle().listCheckpoints();
    }

    /** Like {@link JobHandle#cleanupCheckpoints(int)}. */
    public List<String> cleanupCheckpoints(int keepLast) {
        return handle().cleanupCheckpoints(keepLast);
    }

    /** Like {@link JobHandle#cleanupCheckpoints()}. */
    public List<String> cleanupCheckpoints() {
        return handle().cleanupCheckpoints();
    }

    /** Like {@link JobHandle#await()}. */
    public JobStatus waitForCompletion() throws InterruptedException {
        return handle().await();
    }

    /** Like {@link JobHandle#await(Duration)}: gives up after the given time with {@code TIMED_OUT}. */
    public JobStatus waitForCompletion(Duration timeout) throws InterruptedException {
        return handle().await(timeout);
    }

    private JobHandle handle() {
        JobHandle handle = running.get();
        if (handle == null) {
            throw ErrorCode.JOB_STATE
                    .error("job '" + before.get().jobId() + "' has not been run")
                    .help("call run() first")
                    .toException();
        }
        return handle;
    }

    /** Cancels the job and waits for its end. Does nothing if it has ended or was never run. */
    public void stop() throws InterruptedException {
        JobHandle handle = running.get();
        if (handle == null || !handle.getStatus().isRunning()) {
            return;
        }
        handle.cancel();
        try {
            handle.await();
        } catch (SolsticeException failed) {
            // it ended, which is all that was asked
        }
    }

    /** Stops the job and gives the engine back. */
    public void shutdown() throws InterruptedException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stop();
        } finally {
            if (initialized.get()) {
                launch.close();
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        shutdown();
    }
}
