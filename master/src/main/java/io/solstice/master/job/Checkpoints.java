package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.CheckpointFacts;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
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
    private final JobSpec spec;
    private final JobRules rules;
    private final Cuts cuts;
    private final CheckpointTally tally = new CheckpointTally();
    private final List<StoreRequest> requests = new ArrayList<>();
    private final Interval interval;
    private final Backoff retry = new Backoff();

    private CheckpointPhase phase = CheckpointPhase.IDLE;
    /** Of the newest that the generation has begun, or the one that it began with. */
    private long epoch;
    /** What is, or is to become, canonical; null once it has been published. */
    private @Nullable Manifest storing;

    private final Canonical canonical = new Canonical();
    /** Whether what is stored became canonical is not known. */
    private boolean inDoubt;

    private final Publication publication = new Publication();
    private @Nullable SolsticeError trouble;
    private boolean generationEnded;
    private boolean over;

    private Moment begun = new Moment(0, 0);

    Checkpoints(JobSpec spec, JobRules rules, ChainPlan plan) {
        this.spec = spec;
        this.rules = rules;
        this.cuts = new Cuts(plan);
        this.interval = new Interval(spec.graph().checkpoints());
    }

    /** Looks for what to begin with. */
    void load(StoreRequest what) {
        requests.add(what);
    }

    /** The job goes on from a checkpoint of an earlier run of it. */
    void restored(StoreAnswer.Loaded loaded) {
        canonical.restored(loaded);
        epoch = loaded.manifest().epoch();
        tally.beganWith(loaded.manifest(), loaded.manifest().isTakenBy(spec));
    }

    /**
     * A generation goes on that another master led: what it had begun is taken up again. It begins a checkpoint only
     * when the output of the one before is visible.
     *
     * @param begunEpoch of the newest checkpoint that was begun, or 0
     * @param tasks that have not ended, or may have since then
     */
    void resume(Moment now, RunId run, long begunEpoch, boolean last, Collection<TaskId> tasks) {
        Manifest base = canonical.manifest();
        while (epoch < begunEpoch - 1) {
            open(now, run, tasks, false);
            cuts.giveUp();
            phase = CheckpointPhase.IDLE;
        }
        if (epoch < begunEpoch) {
            canonical.publish();
            open(now, run, tasks, last);
        } else if (base != null && !canonical.isPublished()) {
            // What it staged since then is still wanted: this is no recovery.
            publish(base, base.last() ? CommitPoint.Kind.LAST : CommitPoint.Kind.EPOCH);
        }
        interval.begin(now, canonical.manifest() != null);
    }

    /** A generation begins: the newest output is published again, for nobody knows whether it was. */
    void begin() {
        cuts.end();
        generationEnded = false;
        over = false;
        // A later master takes all numbers after the newest canonical one for cuts that tasks of this generation owe.
        epoch = canonical.epoch();
        Manifest base = canonical.manifest();
        if (base != null) {
            publish(base, CommitPoint.Kind.RECOVERY);
        }
    }

    /**
     * Whether it is time for the next one; asked now and then while tasks run. One that is due while another is under
     * way is skipped.
     *
     * @param records that the sources of the generation have read
     */
    boolean isDue(Moment now, long records) {
        return interval.isOver(now, records) && isIdle();
    }

    /**
     * @param alive the tasks that are to take the cut
     * @return the number of the checkpoint
     */
    long open(Moment now, RunId run, Collection<TaskId> alive, boolean last) {
        epoch++;
        begun = now;
        interval.beginAnew(now);
        cuts.open(new Attempt(epoch, Attempt.id(now, spec, run, epoch, rules.term()), now, last, alive), alive);
        phase = CheckpointPhase.TAKING;
        return epoch;
    }

    Cuts cuts() {
        return cuts;
    }

    /** Of the newest that was begun. */
    long epoch() {
        return epoch;
    }

    CheckpointTally tally() {
        return tally;
    }

    boolean isIdle() {
        return phase == CheckpointPhase.IDLE;
    }

    /** Whether all that is canonical is visible. */
    boolean isPublished() {
        return isIdle() || phase == CheckpointPhase.MARKING;
    }

    /** Whether the answer of the store decides where the job would begin again. */
    boolean isStoring() {
        return phase == CheckpointPhase.STORING;
    }

    /** All that the generation leads to is published. */
    boolean isOver() {
        return over;
    }

    /** Whether the end of the job needs a checkpoint; one that sealed nothing and never had one does without. */
    boolean hasHistory() {
        return canonical.manifest() != null || cuts.carriesOutput();
    }

    Canonical canonical() {
        return canonical;
    }

    /** Whether what is taken, stored or published is the last. */
    boolean isEnding() {
        Manifest unseen = storing;
        return over || cuts.isLast() || unseen != null && unseen.last() || publication.isLast();
    }

    /** Some tasks are to begin again where the newest checkpoint is; the next one waits for them. */
    void renews(SolsticeError why, Set<TaskId> tasks) {
        if (phase == CheckpointPhase.TAKING) {
            giveUp(why);
        }
        cuts.renew(tasks);
    }

    Interval interval() {
        return interval;
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
        if (cuts.isLast()) {
            // Its sources read nothing more, so this generation cannot go on.
            trouble = why;
        }
        cuts.giveUp();
        phase = CheckpointPhase.IDLE;
        tally.failed(why);
    }

    boolean isTaken() {
        return phase == CheckpointPhase.TAKING && cuts.isTaken();
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
                cuts.close(),
                tally.next());
        phase = CheckpointPhase.STORING;
        inDoubt = false;
        retry.reset();
        request();
    }

    private void request() {
        retry.tried();
        Manifest manifest = storing;
        if (manifest != null) {
            requests.add(new StoreRequest.Publish(canonical.number(), manifest));
        }
    }

    /** Time has passed. */
    void tick(Moment now) {
        giveUpIfLate(now);
        if (isStoring() && retry.isDue(now)) {
            request();
        }
    }

    void on(Moment now, StoreAnswer answer) {
        if (answer instanceof StoreAnswer.Marked && phase == CheckpointPhase.MARKING) {
            phase = CheckpointPhase.IDLE;
            completed(now);
        } else if (answer instanceof StoreAnswer.Published published && isStoring()) {
            canonical(now, published.number());
        } else if (answer instanceof StoreAnswer.NotPublished not && isStoring() && !inDoubt) {
            notCanonical(now, not.error());
        } else if (answer instanceof StoreAnswer.NotPublished && isStoring()) {
            // An earlier try may have made it canonical.
            retry.failed(now);
        } else if (answer instanceof StoreAnswer.Undecided && isStoring()) {
            inDoubt = true;
            retry.failed(now);
        } else if (answer instanceof StoreAnswer.Fenced fenced) {
            trouble = fenced.error();
        }
    }

    private void canonical(Moment now, long number) {
        Manifest manifest = storing;
        if (manifest == null) {
            return;
        }
        canonical.becomes(manifest, number);
        publish(manifest, manifest.last() ? CommitPoint.Kind.LAST : CommitPoint.Kind.EPOCH);
        if (!manifest.last() && manifest.committables().isEmpty()) {
            published(now);
        }
    }

    private void notCanonical(Moment now, SolsticeError why) {
        Manifest manifest = storing;
        boolean patient = now.steadyMillis() - begun.steadyMillis() <= rules.checkpointTimeoutMillis();
        if (manifest == null || manifest.last() && patient && !generationEnded) {
            retry.failed(now);
            return;
        }
        if (!generationEnded) {
            cuts.carry(manifest.committables());
            trouble = manifest.last() ? why : null;
        }
        storing = null;
        phase = CheckpointPhase.IDLE;
        tally.failed(why);
    }

    private void publish(Manifest manifest, CommitPoint.Kind kind) {
        publication.open(new CommitPoint(manifest.id(), manifest.epoch(), kind), manifest.committables());
        phase = CheckpointPhase.PUBLISHING;
    }

    /** Nothing was ever sealed and no checkpoint was ever made: only the end is to be told to the sinks. */
    void finishWithout(Moment now, RunId run) {
        epoch++;
        publication.open(
                new CommitPoint(Attempt.id(now, spec, run, epoch, rules.term()), epoch, CommitPoint.Kind.LAST),
                List.of());
        phase = CheckpointPhase.PUBLISHING;
    }

    Publication publication() {
        return publication;
    }

    /** What was to be published is visible. */
    void published(Moment now) {
        if (!publication.isOpen()) {
            return;
        }
        over |= publication.isLast();
        publication.close();
        Manifest base = canonical.manifest();
        if (base != null && !canonical.isPublished()) {
            canonical.publish();
            phase = CheckpointPhase.MARKING;
            requests.add(new StoreRequest.Mark(canonical.number(), base));
        } else {
            phase = CheckpointPhase.IDLE;
            completed(now);
        }
    }

    private void completed(Moment now) {
        Manifest done = storing;
        if (done != null) {
            storing = null;
            tally.completed(done, now.steadyMillis() - begun.steadyMillis());
            requests.add(new StoreRequest.Retain(canonical.number(), rules.retainedCheckpoints()));
        }
    }

    /**
     * The generation ends. A checkpoint that was being taken is given up; what is being stored goes on.
     *
     * @return what was sealed and will never be published; what may be canonical is not among it
     */
    List<Committable> interrupted(SolsticeError why) {
        generationEnded = true;
        if (phase == CheckpointPhase.TAKING) {
            tally.failed(why);
            phase = CheckpointPhase.IDLE;
        } else if (phase == CheckpointPhase.PUBLISHING) {
            publication.close();
            phase = CheckpointPhase.IDLE;
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
        return tally.facts(isIdle() ? 0 : epoch, interval.records());
    }
}
