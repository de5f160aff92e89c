package io.solstice.worker.control;

import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.WorkerCommand;
import java.util.List;
import java.util.Map;

/** Commands about jobs with one stage, two of whose three tasks are on the worker {@code here}. */
final class Commands {
    static final StageId STAGE = new StageId("stage");
    static final WorkerId HERE = new WorkerId("here");
    static final WorkerId THERE = new WorkerId("there");
    static final WorkerProfile PROFILE =
            new WorkerProfile(HERE, new Endpoint("h", 1), Resources.DEFAULT, "1", "c", "master:7070");

    private Commands() {}

    static RunId run(String job, long generation) {
        return new RunId(new JobId(job), generation);
    }

    static TaskId task(RunId run, int index) {
        return new TaskId(run.job(), STAGE, index);
    }

    static WorkerCommand prepare(RunId run) {
        return new WorkerCommand.Prepare(run, spec(run));
    }

    static WorkerCommand deploy(RunId run) {
        Placement placement = new Placement(Map.of(STAGE, List.of(HERE, THERE, HERE)), Map.of());
        return new WorkerCommand.Deploy(
                run, spec(run), Map.of(), placement, "secret", RestorePoint.NONE, Renewal.WHOLE);
    }

    static WorkerCommand assign(RunId run, int task, long number) {
        return new WorkerCommand.AssignSplits(run, task(run, task), STAGE, number, List.of(), true);
    }

    static WorkerCommand commit(RunId run) {
        return commit(run, 1);
    }

    static WorkerCommand commit(RunId run, long epoch) {
        return new WorkerCommand.Commit(
                run, spec(run), new CommitPoint(CheckpointId.of(1_000, 1), epoch, CommitPoint.Kind.LAST), List.of());
    }

    static WorkerCommand release(RunId run) {
        return new WorkerCommand.Release(run, List.of());
    }

    private static JobSpec spec(RunId run) {
        JobGraph graph = new JobGraph(run.job(), List.of(), List.of(), 1, CheckpointPolicy.DEFAULT);
        return new JobSpec(graph, Program.LOCAL, "request", "me");
    }
}
