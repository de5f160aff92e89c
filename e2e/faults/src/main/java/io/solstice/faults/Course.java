package io.solstice.faults;

import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.StateBackend;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.cluster.Submission;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import io.solstice.common.protocol.JobState;
import io.solstice.faults.check.Account;
import io.solstice.faults.check.CheckpointFolder;
import io.solstice.faults.check.Kind;
import io.solstice.faults.check.Leftovers;
import io.solstice.faults.check.Oracle;
import io.solstice.faults.check.OutputWatch;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the jobs that run under faults: what it was before a fault, and what is seen of it since. Used by one thread. */
final class Course implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(180);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final Workload workload;
    private final StateBackend state;
    private final CheckpointFolder checkpoints;
    private final Path output;
    private final SolsticeClient client;
    private final Account seen = new Account();
    private final Watcher watcher;
    private Load load;
    private JobHandle job;
    private long generation;
    private List<String> workers = List.of();
    private long published;
    private boolean finished;

    /** Submits the job. */
    Course(Workload workload, Load load, Places places, StateBackend state, SolsticeClient client, Duration step)
            throws IOException {
        this.workload = workload;
        this.load = load;
        this.state = state;
        this.client = client;
        this.checkpoints = new CheckpointFolder(places.checkpoints(), workload.job());
        this.output = places.output(workload);
        Files.createDirectories(output);
        this.job = client.submit(submission());
        OutputWatch watch = new OutputWatch(workload.files(output), workload.table(output), checkpoints, seen);
        this.watcher = new Watcher(watch, seen, step);
    }

    /** Of the job as it is to be now. */
    private Submission submission() {
        return Submission.of(workload.workflow()).context(new JobContext(workload.job(), load.toConfig(), state));
    }

    /** The same, from the newest checkpoint on. */
    Submission again() {
        return submission().restoreFrom("latest");
    }

    Workload workload() {
        return workload;
    }

    CheckpointFolder checkpoints() {
        return checkpoints;
    }

    JobHandle job() {
        return job;
    }

    /** Another run of the job has taken its place. */
    void goesOnAs(JobHandle next) {
        job = next;
    }

    long rows() {
        return load.parts() * load.rows();
    }

    boolean isOver() {
        return job.getStatus().state().isTerminal();
    }

    /** Notes how many checkpoints there are, for {@link #hasCheckpoint}. */
    void count() throws IOException {
        published = checkpoints.newestPublished();
    }

    /** Whether a checkpoint is complete that began after {@link #count}. */
    boolean hasCheckpoint() throws IOException {
        return isOver() || checkpoints.newestPublished() > published + 1;
    }

    /** Notes what it is like before a fault. */
    void remember(Rig rig) throws IOException {
        generation = checkpoints.newestGeneration();
        workers = isOver() ? List.of() : rig.workersOf(workload.job());
    }

    /** The first output after a fault that owes nothing to the time before it; null if there is none yet. */
    OutputWatch.@Nullable Growth recovered(Done done) {
        return watcher.growths().stream()
                .filter(growth -> growth.nanos() > done.healed())
                .filter(growth -> !done.expectsRestart(workers) || growth.generation() > generation)
                .findFirst()
                .orElse(null);
    }

    /** Whether output is of a later generation than there was before the fault. */
    boolean isLater(OutputWatch.@Nullable Growth growth) {
        return growth != null && growth.generation() > generation;
    }

    /**
     * Stops it with a savepoint, and lets it go on with another number of tasks.
     *
     * @param later where its state by key lies from then on
     * @return what was done
     */
    String rescale(StateStore later) throws InterruptedException {
        String savepoint = job.stopWithSavepoint();
        JobState ended = job.await(STOP_LIMIT).state();
        int before = load.tasks();
        StateStore was = load.backend();
        load = load.with(before == 2 ? 3 : 2, workload.hasStores() ? later : was);
        job = client.submit(again());
        return workload.job() + " was stopped with " + savepoint + " (" + ended + ") and goes on with " + load.tasks()
                + " tasks of each stage with state instead of " + before
                + (load.backend() == was
                        ? ""
                        : ", and with it in " + load.backend().word() + " instead of " + was.word());
    }

    /** Whether it runs with as many tasks as it is to have. */
    boolean hasItsTasks(Rig rig) {
        long tasks = rig.describe(workload.job()).getTasksList().stream()
                .filter(task -> task.getStagesList().contains(workload.outputs().get(0)))
                .count();
        return tasks == load.tasks();
    }

    /** Where the stage really keeps its state by key, if that is not where it was told to. */
    List<String> otherPlaces(Rig rig) {
        return rig.describe(workload.job()).getJob().getStagesList().stream()
                .flatMap(stage -> stage.getStateList().stream())
                .filter(use -> !use.getBackend().equals(load.backend().word()))
                .map(use -> workload.job() + " kept its state in " + use.getBackend() + " and not in "
                        + load.backend().word() + ": " + use.getReason())
                .toList();
    }

    /** Lets the rest be generated as fast as can be. */
    void hurry() throws IOException {
        Files.createFile(load.hurry());
    }

    void awaitEnd(Account account) throws Exception {
        try {
            job.await(END_LIMIT);
            finished = true;
        } catch (SolsticeException failed) {
            boolean over = isOver();
            account.add(over ? Kind.FAILED : Kind.STUCK, workload.job() + ": " + failed.error());
            if (!over) {
                job.cancel();
            }
        }
        account.addAll(watcher.end());
    }

    /**
     * Accounts for all that it left.
     *
     * @param disturbed whether a process was killed or taken for lost, so that nobody may know of a file
     * @param vacuous where it is said what proves nothing
     * @return the rows of output that were read
     */
    long check(List<Path> deadLetters, boolean disturbed, Account account, List<String> vacuous) throws IOException {
        Account found = new Account();
        Oracle oracle = Oracle.of(workload, load, deadLetters, found);
        oracle.check(finished);
        vacuous.addAll(oracle.vacuous());
        Leftovers.check(output, workload.files(output), workload.table(output), disturbed, found);
        checkpoints.check(disturbed, found);
        account.addAll(found);
        return oracle.read();
    }

    @Override
    public void close() throws InterruptedException {
        watcher.close();
    }
}
