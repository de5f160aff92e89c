package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CheckpointFacts;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one job, over all of its generations: one at a time.
 *
 * <pre>
 * IDLE -> TAKING -> STORING -> PUBLISHING -> MARKING -> IDLE
 *           |          |           ^
 *           v          v           |
 *         (given up: IDLE)       (IDLE, when a new generation begins)
 * </pre>
 *
 * Output is published only when its checkpoint is canonical, and the next one begins only when it has been. So of all
 * canonical checkpoints only the newest can have output that nobody can see yet.
 */
final class Checkpoints {
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LONGEST_RETRY_MILLIS = 10_000;

    private final JobSpec spec;
    private final JobRules rules;
    private final Cuts cuts;
    private final CheckpointTally tally = new CheckpointTally();
    private final List<StoreRequest> requests = new ArrayList<>();

    private Phase phase = Phase.IDLE;
    /** Of the newest that was begun. */
    private long epoch;
    /** What is, or is to become, canonical; null once it has been published. */
    private @Nullable Manifest storing;
    /** The newest that is canonical: what a new generation begins with. */
    private @Nullable Manifest newest;

    private boolean newestIsPublished;
    private long logNumber;
    private @Nullable Publication publication;
    private @Nullable SolsticeError trouble;
    private boolean generationEnded;
    private boolean over;

    private Moment begun = new Moment(0, 0);
    private long dueSinceMillis;
    private long dueSinceRecords;
    private long retryAtMillis = Long.MAX_VALUE;
    private int retries;

    /** What is being done about a checkpoint. */
    enum Phase {
        IDLE,
        /** Tasks take the cut. */
        TAKING,
        /** It becomes canonical. */
        STORING,
        /** Its output becomes visible. */
        PUBLISHING,
        /** That is noted. */
        MARKING
    }

    /** @param worker that publishes; null while one is to be found */
    private record Publication(CommitPoint point, List<Committable> committables, @Nullable WorkerId worker) {}

    /** @param writes whether a task has a sink */
    Checkpoints(JobSpec spec, JobRules rules, Predicate<TaskId> writes) {
        this.spec = spec;
        this.rules = rules;
        this.cuts = new Cuts(writes);
    }

    /** The job goes on from a checkpoint of an earlier run of it. */
    void restored(StoreAnswer.Loaded loaded) {
        newest = loaded.manifest();
        newestIsPublished = loaded.published();
        logNumber = loaded.newest();
        epoch = loaded.manifest().epoch();
        tally.beganWith(loaded.manifest());
    }

    /** A generation begins: the newest output is published again, for nobody knows whether it was. */
    void begin() {
        generationEnded = false;
        over = false;
        Manifest base = newest;
        if (base != null) {
            publish(base, CommitPoint.Kind.RECOVERY);
        }
    }

    /** The tasks of the generation run from now on. */
    void running(Moment now) {
        dueSinceMillis = now.steadyMillis();
        dueSinceRecords = 0;
    }

    /**
     * Whether it is time for the next one; asked now and then while tasks run. One that is due while another is under
     * way is skipped.
     *
     * @param records that the sources of the generation have read
     */
    boolean isDue(Moment now, long records) {
        CheckpointPolicy policy = spec.graph().checkpoints();
        boolean due = now.steadyMillis() - dueSinceMillis >= policy.intervalSecs() * 1_000
                || policy.intervalRecords() > 0 && records - dueSinceRecords >= policy.intervalRecords();
        if (due) {
            dueSinceMillis = now.steadyMillis();
            dueSinceRecords = records;
        }
        return due && isIdle();
    }

    /**
     * @param alive the tasks that are to take the cut
     * @return the number of the checkpoint
     */
    long open(Moment now, RunId run, Collection<TaskId> alive, boolean last) {
        epoch++;
        begun = now;
        cuts.open(new Attempt(epoch, id(now, run), now, last, alive), alive);
        phase = Phase.TAKING;
        return epoch;
    }

    private CheckpointId id(Moment now, RunId run) {
        long mixed = (spec.requestId().hashCode() * 31L + run.generation()) * 0x9E3779B97F4A7C15L + epoch;
        return CheckpointId.of(now.wallMillis(), (int) (mixed ^ mixed >>> 32));
    }

    Cuts cuts() {
        return cuts;
    }

    CheckpointTally tally() {
        return tally;
    }

    boolean isIdle() {
        return phase == Phase.IDLE;
    }

    /** Whether all that is canonical is visible. */
    boolean isPublished() {
        return isIdle() || phase == Phase.MARKING;
    }

    /** Whether the answer of the store decides where the job would begin again. */
    boolean isStoring() {
        return phase == Phase.STORING;
    }

    /** All that the generation leads to is published. */
    boolean isOver() {
        return over;
    }

    /** Whether the end of the job needs a checkpoint; one that sealed nothing and never had one does without. */
    boolean hasHistory() {
        return newest != null || cuts.carriesOutput();
    }

    @Nullable
    Manifest newest() {
        return newest;
    }

    /** A task could not write its part. */
    void failed(WorkerReport.SnapshotFailed report) {
        if (cuts.failed(report.epoch(), report.task(), report.committables())) {
            giveUp(report.error().within("task " + report.task()));
        }
    }

    private void giveUpIfLate(Moment now) {
        Attempt open = cuts.attempt();
        if (open != null && now.steadyMillis() - begun.steadyMillis() > rules.checkpointTimeoutMillis()) {
            giveUp(ErrorCode.CHECKPOINT_FAILED
                    .error("checkpoint " + open.epoch() + " was given up after "
                            + rules.checkpointTimeoutMillis() / 1_000 + " s")
                    .cause("not answered by " + open.awaited())
                    .help("look for tasks that stand still, or for a state backend that is slow"));
        }
    }

    private void giveUp(SolsticeError why) {
        Attempt open = cuts.attempt();
        if (open != null && open.isLast()) {
            // Its sources read nothing more, so this generation cannot go on.
            trouble = why;
        }
        cuts.giveUp();
        phase = Phase.IDLE;
        tally.failed(why);
    }

    boolean isTaken() {
        return phase == Phase.TAKING && cuts.isTaken();
    }

    /** All tasks have answered: it is to become canonical. */
    void store(RunId run, List<SourcePlan> sources, Collection<TaskId> allTasks) {
        Attempt open = cuts.attempt();
        if (open == null) {
            return;
        }
        storing = new Manifest(
                open.id(),
                open.epoch(),
                run,
                rules.term(),
                open.begun().wallMillis(),
                open.isLast(),
                spec.graph().keyGroups(),
                Manifest.stages(spec.graph()),
                sources,
                open.states(),
                allTasks.stream().filter(task -> !open.took(task)).sorted().toList(),
                cuts.close());
        phase = Phase.STORING;
        retries = 0;
        request();
    }

    private void request() {
        retryAtMillis = Long.MAX_VALUE;
        Manifest manifest = storing;
        if (manifest != null) {
            requests.add(new StoreRequest.Publish(logNumber, manifest));
        }
    }

    private void requestLater(Moment now) {
        long wait = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(retries++, 10));
        retryAtMillis = now.steadyMillis() + wait;
    }

    /** Time has passed. */
    void tick(Moment now) {
        giveUpIfLate(now);
        if (isStoring() && now.steadyMillis() >= retryAtMillis) {
            request();
        }
    }

    void on(Moment now, StoreAnswer answer) {
        if (answer instanceof StoreAnswer.Marked && phase == Phase.MARKING) {
            phase = Phase.IDLE;
            completed(now);
        } else if (answer instanceof StoreAnswer.Published published && isStoring()) {
            canonical(now, published.number());
        } else if (answer instanceof StoreAnswer.NotPublished not && isStoring()) {
            notCanonical(now, not.error());
        } else if (answer instanceof StoreAnswer.Undecided && isStoring()) {
            requestLater(now);
        } else if (answer instanceof StoreAnswer.Fenced fenced) {
            trouble = fenced.error();
        }
    }

    private void canonical(Moment now, long number) {
        Manifest manifest = storing;
        if (manifest == null) {
            return;
        }
        logNumber = number;
        newest = manifest;
        newestIsPublished = false;
        publish(manifest, manifest.last() ? CommitPoint.Kind.LAST : CommitPoint.Kind.EPOCH);
        if (!manifest.last() && manifest.committables().isEmpty()) {
            published(now);
        }
    }

    private void notCanonical(Moment now, SolsticeError why) {
        Manifest manifest = storing;
        boolean patient = now.steadyMillis() - begun.steadyMillis() <= rules.checkpointTimeoutMillis();
        if (manifest == null || manifest.last() && patient && !generationEnded) {
            requestLater(now);
            return;
        }
        if (!generationEnded) {
            cuts.carry(manifest.committables());
            trouble = manifest.last() ? why : null;
        }
        storing = null;
        phase = Phase.IDLE;
        tally.failed(why);
    }

    private void publish(Manifest manifest, CommitPoint.Kind kind) {
        CommitPoint point = new CommitPoint(manifest.id(), manifest.epoch(), kind);
        publication = new Publication(point, manifest.committables(), null);
        phase = Phase.PUBLISHING;
    }

    /** Nothing was ever sealed and no checkpoint was ever made: only the end is to be told to the sinks. */
    void finishWithout(Moment now, RunId run) {
        epoch++;
        CommitPoint point = new CommitPoint(id(now, run), epoch, CommitPoint.Kind.LAST);
        publication = new Publication(point, List.of(), null);
        phase = Phase.PUBLISHING;
    }

    /** Whether a worker has to be found that publishes. */
    boolean wantsPublisher() {
        return phase == Phase.PUBLISHING && publication != null && publication.worker() == null;
    }

    /** Lets a worker publish what is to be published. */
    List<Order> publishOn(WorkerId worker, RunId run) {
        Publication wanted = publication;
        if (wanted == null) {
            return List.of();
        }
        publication = new Publication(wanted.point(), wanted.committables(), worker);
        return List.of(
                new Order(worker, new WorkerCommand.Commit(run, spec, wanted.point(), wanted.committables())));
    }

    /** A worker is gone; if it was to publish, another one will. */
    void lost(WorkerId worker) {
        Publication open = publication;
        if (open != null && worker.equals(open.worker())) {
            publication = new Publication(open.point(), open.committables(), null);
        }
    }

    /** Whether this worker was told to publish this, and its answer is awaited. */
    boolean isPublishedBy(WorkerId worker, long number) {
        Publication open = publication;
        return phase == Phase.PUBLISHING
                && open != null
                && worker.equals(open.worker())
                && open.point().epoch() == number;
    }

    /** What was to be published is visible. */
    void published(Moment now) {
        Publication done = publication;
        Manifest base = newest;
        if (done == null) {
            return;
        }
        publication = null;
        over |= done.point().kind() == CommitPoint.Kind.LAST;
        if (base != null && !newestIsPublished) {
            newestIsPublished = true;
            phase = Phase.MARKING;
            requests.add(new StoreRequest.Mark(logNumber, base));
        } else {
            phase = Phase.IDLE;
            completed(now);
        }
    }

    private void completed(Moment now) {
        Manifest done = storing;
        if (done != null) {
            storing = null;
            tally.completed(done, now.steadyMillis() - begun.steadyMillis());
            requests.add(new StoreRequest.Retain(logNumber, rules.retainedCheckpoints()));
        }
    }

    /**
     * The generation ends. A checkpoint that was being taken is given up; what is being stored goes on.
     *
     * @return what was sealed and will never be published; what may be canonical is not among it
     */
    List<Committable> interrupted(SolsticeError why) {
        generationEnded = true;
        if (phase == Phase.TAKING) {
            tally.failed(why);
            phase = Phase.IDLE;
        } else if (phase == Phase.PUBLISHING) {
            publication = null;
            phase = Phase.IDLE;
        }
        trouble = null;
        return cuts.end();
    }

    /** Why the generation cannot go on, once. */
    @Nullable
    SolsticeError takeTrouble() {
        SolsticeError taken = trouble;
        trouble = null;
        return taken;
    }

    List<StoreRequest> takeRequests() {
        List<StoreRequest> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    CheckpointFacts facts() {
        return tally.facts(isIdle() ? 0 : epoch);
    }
}
