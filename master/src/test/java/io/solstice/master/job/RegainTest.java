package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a job makes of what its workers say to a new master when one of them had been given up by the old one: what it
 * still had to read began again on another, but a task of it had ended before, so it counts among the job's workers.
 */
class RegainTest {
    private static final JobId JOB = new JobId("job");
    private static final RunId RUN = new RunId(JOB, 1);
    private static final StageId READS = new StageId("reads");
    private static final StageId WRITES = new StageId("writes");
    private static final WorkerId ADA = new WorkerId("ada");
    private static final WorkerId BOB = new WorkerId("bob");
    private static final Moment NOW = new Moment(1_000, 1_000);
    private static final TaskId MOVED = new TaskId(JOB, READS, 0);
    private static final TaskId ENDED = new TaskId(JOB, READS, 1);

    private static StageNode node(StageId id, StageRole role) {
        return new StageNode(id, role, "Test", Parallelism.fixed(2), Resources.DEFAULT, Resources.NONE, Map.of());
    }

    private static Split split(int number) {
        return new Split("s" + number, "", 10);
    }

    /** It has three splits to read, under a new master that has heard nothing yet. */
    private static JobCoordinator resumed() {
        List<StageNode> stages = List.of(node(READS, StageRole.SOURCE), node(WRITES, StageRole.SINK));
        Edge edge = new Edge(READS, WRITES, Partitioning.FORWARD, List.of());
        JobGraph graph = new JobGraph(JOB, stages, List.of(edge), 8, new CheckpointPolicy(1, 0));
        WorkerReport.Prepared found = new WorkerReport.Prepared(
                RUN, Map.of(READS, List.of(split(0), split(1), split(2))), Map.of(), Set.of());
        Placement where = new Placement(Map.of(READS, List.of(ADA, BOB)), Map.of());
        JobCoordinator job = JobCoordinator.resumed(
                RUN,
                new JobSpec(graph, Program.LOCAL, "request", "ann"),
                new JobRules(7, RestartPolicy.DEFAULT, 60_000, 5),
                new Move(JobState.RUNNING, null),
                new Standing(1, 1, new JobFact.Prepared(found), new JobFact.Placed(1, where, "secret"), false));
        job.stored(NOW, new StoreAnswer.Regained(7, new StoreAnswer.Nothing(1)));
        return job;
    }

    private static WorkerReport kept(List<TaskId> alive, int split, List<WorkerReport> reports) {
        SplitStart given = SplitStart.fresh(split(split));
        RunAccount.Assigned assigned = new RunAccount.Assigned(MOVED, READS, 1, List.of(given), 0, false);
        return new WorkerReport.Kept(RUN, new RunAccount(alive, 1, false, List.of(assigned), reports));
    }

    private static WorkerReport ended(TaskId task) {
        return new WorkerReport.TaskEnded(RUN, task, new TaskOutcome.Finished(List.of()));
    }

    /** What the moved task gets on ada from now on. */
    private static List<String> allThatIsLeft(JobCoordinator job) {
        List<String> got = new ArrayList<>();
        boolean more = true;
        for (long number = 2; more; number++) {
            List<Order> answer = job.on(NOW, ADA, new WorkerReport.SplitsWanted(RUN, MOVED, READS, number, false));
            WorkerCommand.AssignSplits given =
                    (WorkerCommand.AssignSplits) answer.get(0).command();
            given.splits().forEach(start -> got.add(start.split().id()));
            more = !given.last();
        }
        return got;
    }

    /** Seed 995 of the simulation: what the old task on bob was given was neither left nor anybody's. */
    @Test
    void whatWasGivenToATaskWhereItNoLongerIsIsLeftToBeRead() {
        JobCoordinator job = resumed();
        job.on(NOW, BOB, kept(List.of(), 0, List.of(ended(ENDED), ended(MOVED))));
        job.on(NOW, ADA, kept(List.of(MOVED), 1, List.of()));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(allThatIsLeft(job)).containsExactlyInAnyOrder("s0", "s2");
    }

    /** It would write and end as if it were its successor, should that come to be on the same worker. */
    @Test
    void aTaskThatIsAliveWhereItNoLongerBelongsLetsAllBeginAgain() {
        JobCoordinator job = resumed();
        List<Order> orders = new ArrayList<>(job.on(NOW, BOB, kept(List.of(MOVED), 0, List.of(ended(ENDED)))));
        orders.addAll(job.on(NOW, ADA, kept(List.of(MOVED), 1, List.of())));
        assertThat(job.state()).isEqualTo(JobState.RESTARTING);
        assertThat(Objects.requireNonNull(job.snapshot().restartCause()).code()).isEqualTo(ErrorCode.WORKER_LOST);
        WorkerCommand release = new WorkerCommand.Release(RUN, List.of());
        assertThat(orders).containsExactlyInAnyOrder(new Order(ADA, release), new Order(BOB, release));
    }
}
