package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.StageId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one worker has found out about a job's sources and schemas, once for all generations. */
final class Preparation {
    private final ChainPlan plan;
    /** What a run without any checkpoint reads, for each source; the listing of a later look would be another one. */
    private final Map<StageId, SourcePlan> listed = new HashMap<>();

    private Map<StageId, String> inputs = Map.of();
    private boolean done;
    /** The worker whose answer is awaited; release must not overtake it. */
    private @Nullable WorkerId worker;

    Preparation(ChainPlan plan) {
        this.plan = plan;
    }

    void asked(WorkerId preparer) {
        worker = preparer;
    }

    @Nullable
    WorkerId worker() {
        return worker;
    }

    boolean isUnderWay() {
        return worker != null;
    }

    boolean isDone() {
        return done;
    }

    /** Whether the answer of this worker was awaited; it no longer is. */
    boolean answered(WorkerId from) {
        boolean awaited = from.equals(worker);
        if (awaited) {
            worker = null;
        }
        return awaited;
    }

    /**
     * The answer that was awaited.
     *
     * @param base the checkpoint that the job begins with
     * @return why it cannot begin, or null if it can
     */
    @Nullable
    SolsticeError take(WorkerReport report, @Nullable Manifest base, Course course) {
        if (report instanceof WorkerReport.PrepareFailed failed) {
            return failed.error();
        }
        WorkerReport.Prepared answer = (WorkerReport.Prepared) report;
        SolsticeError unfit = base == null ? null : new GraphChange(base, plan).refusal(answer.rescalable());
        if (unfit == null) {
            done(answer);
            course.note(new JobFact.Prepared(answer));
            course.become(JobState.SCHEDULING);
        }
        return unfit;
    }

    void done(WorkerReport.Prepared report) {
        done = true;
        inputs = report.inputs();
        for (StageNode stage : plan.graph().stages()) {
            if (stage.role() == StageRole.SOURCE) {
                listed.put(
                        stage.id(),
                        SourcePlan.untouched(stage.id(), report.splits().getOrDefault(stage.id(), List.of())));
            }
        }
    }

    /** The schema of each stage's input, if it is known. */
    Map<StageId, String> inputs() {
        return inputs;
    }

    /** What is to be read after a checkpoint, or in the beginning. */
    List<SourcePlan> sources(@Nullable Manifest base) {
        List<SourcePlan> sources = new ArrayList<>();
        listed.forEach((stage, plain) -> {
            SourcePlan left = base == null ? null : base.source(stage);
            sources.add(left == null ? plain : left);
        });
        return sources;
    }
}
