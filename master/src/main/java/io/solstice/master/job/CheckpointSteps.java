package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.StageId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tasks of a generation have to do with the checkpoints of their job. */
final class CheckpointSteps {
    private final ChainPlan plan;
    private final Checkpoints checkpoints;
    /** Those who want the job to end with a last one: over restarts, as often as it takes. */
    private final List<Long> stops = new ArrayList<>();
    /** Why the job is to begin again elsewhere, and the checkpoint that it takes before. */
    private @Nullable SolsticeError leaving;

    private long leavingEpoch;

    CheckpointSteps(ChainPlan plan, Checkpoints checkpoints) {
        this.plan = plan;
        this.checkpoints = checkpoints;
    }

    /** Lets the job go on from what the store has found; says why it cannot if so. */
    @Nullable
    SolsticeError beginWith(StoreAnswer found, JobSpec spec) {
        if (found instanceof StoreAnswer.NotLoaded not) {
            return not.error();
        } else if (found instanceof StoreAnswer.Nothing nothing) {
            checkpoints.canonical().comesAfter(nothing.newest());
            return null;
        }
        StoreAnswer.Loaded loaded = (StoreAnswer.Loaded) found;
        StageRenames renames = StageRenames.of(spec, loaded.manifest());
        SolsticeError misnamed = renames.refusal(loaded.manifest(), plan.graph());
        if (misnamed != null) {
            return misnamed;
        }
        GraphChange change = new GraphChange(loaded.manifest(), plan, renames);
        SolsticeError unfit = change.refusal(loaded.published());
        if (unfit == null) {
            checkpoints.restored(new StoreAnswer.Loaded(loaded.newest(), loaded.published(), change.manifest()));
        }
        return unfit;
    }

    /** Somebody wants a checkpoint now, and will be answered. */
    List<Order> asked(Moment now, Generation generation, JobState state, long request, boolean last) {
        if (last && state == JobState.RUNNING) {
            stops.add(request);
            return checkpoints.isIdle() ? open(now, generation, true) : List.of();
        }
        if (state != JobState.RUNNING || !checkpoints.isIdle()) {
            String why = state != JobState.RUNNING ? "it is " + state : "one is in progress";
            SolsticeError refused = ErrorCode.JOB_STATE
                    .error("job '" + plan.graph().job() + "' cannot take a checkpoint now")
                    .cause(why)
                    .help("try again in a moment");
            checkpoints.tally().refuse(request, refused);
            return List.of();
        }
        checkpoints.tally().asks(request);
        return open(now, generation, false);
    }

    /**
     * While the job runs: begins a checkpoint if it is time for one, or the last one if somebody waits for it.
     *
     * @param records that the sources of the generation have read
     */
    List<Order> due(Moment now, Generation generation, long records) {
        if (!stops.isEmpty() && checkpoints.isIdle() && !checkpoints.isOver()) {
            return open(now, generation, true);
        }
        if (leaving != null && checkpoints.isIdle()) {
            List<Order> orders = open(now, generation, false);
            leavingEpoch = checkpoints.epoch();
            return orders;
        }
        return checkpoints.isDue(now, records) ? open(now, generation, false) : List.of();
    }

    /** The job is to begin again elsewhere, after a checkpoint. */
    void leave(SolsticeError why) {
        if (leaving == null && !Restarts.readsOnce(plan.graph())) {
            leaving = why;
        }
    }

    /** It has begun again, for whatever reason. */
    void left() {
        leaving = null;
        leavingEpoch = 0;
    }

    /** Why the job may begin again now; null if it is not to, or its checkpoint is not done. */
    @Nullable
    SolsticeError readyToLeave() {
        boolean taken = leavingEpoch > 0 && checkpoints.canonical().epoch() >= leavingEpoch && checkpoints.isIdle();
        return taken ? leaving : null;
    }

    /** Lets tasks of a generation that has been placed begin where the newest checkpoint is. */
    WorkerCommand deploy(Generation generation, JobSpec spec, Map<StageId, String> inputs, Renewal which) {
        Manifest base = checkpoints.canonical().manifest();
        RestorePoint from = base == null ? RestorePoint.NONE : new GraphChange(base, plan).restorePoint();
        return new WorkerCommand.Deploy(
                generation.run(), spec, inputs, generation.placed(), generation.secret(), from, which);
    }

    /** Lets a worker publish what is to be published; null if there is none that could. */
    @Nullable
    List<Order> publish(Generation generation, JobSpec spec) {
        WorkerId worker = generation.anyHolder();
        return worker == null ? null : checkpoints.publication().order(worker, generation.run(), spec);
    }

    /** Those who wanted the last checkpoint get it; what else was asked for comes no more. */
    void ended(SolsticeError why) {
        Manifest newest = checkpoints.canonical().manifest();
        boolean stopped = checkpoints.isOver() && newest != null;
        stops.forEach(request -> checkpoints.tally().answer(request, stopped ? newest : null, why));
        stops.clear();
        checkpoints.tally().ended(why);
    }

    /** Lets all tasks take the cut. */
    List<Order> open(Moment now, Generation generation, boolean last) {
        checkpoints.open(now, generation.run(), generation.tasks().alive().keySet(), last);
        return tell(generation, last);
    }

    private List<Order> tell(Generation generation, boolean last) {
        return generation.toWorkers(new WorkerCommand.Checkpoint(
                generation.run(),
                checkpoints.epoch(),
                last,
                checkpoints.canonical().epoch()));
    }

    /** Takes up what was being done when the master was lost; what workers know already changes nothing there. */
    List<Order> resume(Moment now, Generation generation, Regain said) {
        boolean last = said.isLast();
        checkpoints.resume(
                now,
                generation.run(),
                said.epoch(),
                last,
                generation.tasks().alive().keySet());
        List<Order> orders = new ArrayList<>(generation.toWorkers(new WorkerCommand.Start(generation.run())));
        if (checkpoints.cuts().attempt() != null) {
            orders.addAll(tell(generation, last));
        }
        return orders;
    }

    /** A worker tells of a checkpoint, or of something else, which changes nothing here. */
    void on(Moment now, Generation generation, WorkerId from, WorkerReport report) {
        if (report instanceof WorkerReport.SnapshotTaken taken) {
            taken(generation, from, taken);
        } else if (report instanceof WorkerReport.SnapshotFailed failed) {
            if (generation.tasks().owns(from, failed.task())) {
                checkpoints.failed(failed);
            }
        } else if (report instanceof WorkerReport.Committed committed) {
            if (checkpoints.publication().isBy(from, committed.epoch())) {
                checkpoints.published(now);
            }
        }
    }

    private void taken(Generation generation, WorkerId from, WorkerReport.SnapshotTaken report) {
        if (!generation.tasks().owns(from, report.snapshot().task())) {
            return;
        }
        SolsticeError impossible = impossible(generation, report);
        if (impossible == null) {
            checkpoints.cuts().taken(report.epoch(), report.snapshot());
        } else {
            checkpoints.failed(new WorkerReport.SnapshotFailed(
                    report.run(),
                    report.epoch(),
                    report.snapshot().task(),
                    report.snapshot().committables(),
                    impossible));
        }
    }

    private @Nullable SolsticeError impossible(Generation generation, WorkerReport.SnapshotTaken report) {
        TaskSnapshot snapshot = report.snapshot();
        if (!generation.isPossible(snapshot)) {
            return ErrorCode.INTERNAL.error("a task cannot be at " + snapshot.positions());
        }
        // What another checkpoint wrote stays only if it is part of the newest canonical one.
        return snapshot.states().stream()
                .filter(state ->
                        !isOf(report, state.key()) && !checkpoints.canonical().names(state))
                .findFirst()
                .map(state -> ErrorCode.INTERNAL.error(
                        "a task names state '" + state.key() + "', which the newest checkpoint does not have"))
                .orElse(null);
    }

    private static boolean isOf(WorkerReport.SnapshotTaken report, String key) {
        return StatePlace.of(key)
                .filter(place -> place.generation() == report.run().generation() && place.epoch() == report.epoch())
                .isPresent();
    }

    /** All tasks have taken the cut. */
    void store(Generation generation) {
        Attempt cut = checkpoints.cuts().attempt();
        if (cut != null) {
            checkpoints.store(generation.run(), generation.remaining(cut), RunTasks.of(plan));
        }
    }

    /** All tasks have ended well, and all earlier checkpoints are done: the last one. */
    void finish(Moment now, Generation generation) {
        if (checkpoints.hasHistory()) {
            checkpoints.open(now, generation.run(), List.of(), true);
            store(generation);
        } else {
            checkpoints.finishWithout(now, generation.run());
        }
    }
}
