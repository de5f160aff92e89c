package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
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
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a job whose sealed output cannot be published. */
class CommitFailureTest {
    private static final JobId JOB = new JobId("job");
    private static final RunId RUN = new RunId(JOB, 1);
    private static final StageId READS = new StageId("reads");
    private static final StageId WRITES = new StageId("writes");
    private static final TaskId TASK = new TaskId(JOB, READS, 0);
    private static final WorkerId ADA = new WorkerId("ada");
    private static final Committable SEALED = new Committable(WRITES, 0, "a1");
    private static final Placement PLACES = new Placement(Map.of(READS, List.of(ADA)), Map.of());
    private static final SolsticeError FULL = ErrorCode.DISK_FULL.error("no space left on the disk");

    private long now = 1_000;
    private final JobCoordinator job =
            new JobCoordinator(RUN, spec(), new JobRules(7, RestartPolicy.DEFAULT, 60_000, 5));

    private static JobSpec spec() {
        List<StageNode> stages = List.of(node(READS, StageRole.SOURCE), node(WRITES, StageRole.SINK));
        Edge edge = new Edge(READS, WRITES, Partitioning.FORWARD, List.of());
        JobGraph graph = new JobGraph(JOB, stages, List.of(edge), 8, new CheckpointPolicy(1, 0));
        return new JobSpec(graph, Program.LOCAL, "request", "ann");
    }

    private static StageNode node(StageId id, StageRole role) {
        return new StageNode(id, role, "Test", Parallelism.fixed(1), Resources.DEFAULT, Resources.NONE, Map.of());
    }

    private Moment moment() {
        return new Moment(now, now);
    }

    private List<Order> on(WorkerReport report) {
        return job.on(moment(), ADA, report);
    }

    /** Its only task reads the only split and has sealed output of a first checkpoint, which is canonical. */
    private void sealsAndIsToPublish() {
        job.prepareOn(ADA);
        List<Split> splits = List.of(new Split("s0", "", 10));
        on(new WorkerReport.Prepared(RUN, Map.of(READS, splits), Map.of(), Set.of()));
        job.deploy(PLACES, "secret");
        on(new WorkerReport.Deployed(RUN));
        on(new WorkerReport.SplitsWanted(RUN, TASK, READS, 1, false));
        now += 1_000;
        job.tick(moment(), 0);
        TaskSnapshot snapshot =
                new TaskSnapshot(TASK, List.of(new SourcePosition(READS, 0, 4, 100)), List.of(), List.of(SEALED));
        on(new WorkerReport.SnapshotTaken(RUN, 1, snapshot));
        assertThat(committed(job.stored(moment(), new StoreAnswer.Published(1))))
                .isEqualTo(CommitPoint.Kind.EPOCH);
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    private static CommitPoint.Kind committed(List<Order> orders) {
        List<WorkerCommand.Commit> commits = orders.stream()
                .filter(order -> order.command() instanceof WorkerCommand.Commit)
                .map(order -> (WorkerCommand.Commit) order.command())
                .toList();
        assertThat(commits).as("%s", orders).hasSize(1);
        assertThat(commits.get(0).committables()).containsExactly(SEALED);
        return commits.get(0).point().kind();
    }

    @Test
    void aFailureThatMayPassLetsTheJobPublishAgain() {
        sealsAndIsToPublish();
        on(new WorkerReport.CommitFailed(RUN, 1, FULL));
        assertThat(job.state()).isEqualTo(JobState.RESTARTING);
        assertThat(job.snapshot().restarts()).isEqualTo(1);
        on(new WorkerReport.TaskEnded(RUN, TASK, new TaskOutcome.Cancelled()));
        on(new WorkerReport.Released(RUN));
        now += 1_000;
        assertThat(job.mayRestart(moment())).isTrue();
        job.restart(2);
        RunId next = job.generation().run();
        assertThat(committed(job.deploy(PLACES, "secret"))).isEqualTo(CommitPoint.Kind.RECOVERY);
        job.on(moment(), ADA, new WorkerReport.Deployed(next));
        assertThat(job.state()).as("nothing runs before it is visible").isEqualTo(JobState.DEPLOYING);
        job.on(moment(), ADA, new WorkerReport.Committed(next, 1));
        job.stored(moment(), new StoreAnswer.Marked());
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aFailureThatCannotPassIsTheEnd() {
        sealsAndIsToPublish();
        on(new WorkerReport.CommitFailed(RUN, 1, ErrorCode.SCHEMA_CHANGED.error("other columns")));
        assertThat(job.state()).isEqualTo(JobState.FAILING);
    }

    @Test
    void aFailureOfWhatIsNotBeingPublishedChangesNothing() {
        sealsAndIsToPublish();
        on(new WorkerReport.CommitFailed(RUN, 7, FULL));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }
}
