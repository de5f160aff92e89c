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
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tasks that begin again while others of their job go on. */
class RenewalTest {
    private static final JobId JOB = new JobId("job");
    private static final RunId RUN = new RunId(JOB, 1);
    private static final StageId READS = new StageId("reads");
    private static final StageId WRITES = new StageId("writes");
    private static final WorkerId ADA = new WorkerId("ada");
    private static final WorkerId BOB = new WorkerId("bob");
    private static final SolsticeError LOST = ErrorCode.WORKER_LOST.error("worker bob was lost");

    private long now = 1_000;

    private static StageNode node(StageId id, StageRole role, int tasks) {
        return new StageNode(id, role, "Test", Parallelism.fixed(tasks), Resources.DEFAULT, Resources.NONE, Map.of());
    }

    /** Two tasks that read and write, each for itself or, with another number of writers, all for all. */
    private static JobSpec spec(int writers) {
        List<StageNode> stages = List.of(node(READS, StageRole.SOURCE, 2), node(WRITES, StageRole.SINK, writers));
        Partitioning partitioning = writers == 2 ? Partitioning.FORWARD : Partitioning.REBALANCE;
        Edge edge = new Edge(READS, WRITES, partitioning, List.of());
        JobGraph graph = new JobGraph(JOB, stages, List.of(edge), 8, new CheckpointPolicy(1, 0));
        return new JobSpec(graph, Program.LOCAL, "request", "ann");
    }

    private static TaskId task(int index) {
        return new TaskId(JOB, READS, index);
    }

    private Moment moment() {
        return new Moment(now, now);
    }

    /** It reads four splits, its first task on ada and its second on bob. */
    private JobCoordinator running(int writers) {
        JobRules rules = new JobRules(7, RestartPolicy.DEFAULT, 60_000, 5);
        JobCoordinator job = new JobCoordinator(RUN, spec(writers), rules);
        job.prepareOn(ADA);
        List<Split> splits =
                IntStream.range(0, 4).mapToObj(i -> new Split("s" + i, "", 10)).toList();
        job.on(moment(), ADA, new WorkerReport.Prepared(RUN, Map.of(READS, splits), Map.of(), Set.of()));
        List<WorkerId> places = writers == 2 ? List.of() : List.of(ADA, BOB, ADA);
        Map<StageId, List<WorkerId>> where =
                writers == 2 ? Map.of(READS, List.of(ADA, BOB)) : Map.of(READS, List.of(ADA, BOB), WRITES, places);
        job.deploy(new Placement(where, Map.of()), "secret");
        job.on(moment(), ADA, new WorkerReport.Deployed(RUN));
        job.on(moment(), BOB, new WorkerReport.Deployed(RUN));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        return job;
    }

    private List<String> asks(JobCoordinator job, WorkerId worker, int task, long number) {
        return job
                .on(moment(), worker, new WorkerReport.SplitsWanted(RUN, task(task), READS, number, number > 1))
                .stream()
                .flatMap(order -> ((WorkerCommand.AssignSplits) order.command()).splits().stream())
                .map(start -> start.split().id() + "@" + start.rows())
                .toList();
    }

    private static List<Committable> sealed(int task, String what) {
        return List.of(new Committable(WRITES, task, what));
    }

    private List<Order> cut(JobCoordinator job, WorkerId worker, long epoch, int task, int finished, String what) {
        List<SourcePosition> position =
                List.of(new SourcePosition(READS, finished, finished == 0 ? 4 : 0, 100 + finished));
        TaskSnapshot snapshot = new TaskSnapshot(task(task), position, List.of(), sealed(task, what));
        return job.on(moment(), worker, new WorkerReport.SnapshotTaken(RUN, epoch, snapshot));
    }

    private static Manifest stored(JobCoordinator job) {
        return job.takeDecisions().requests().stream()
                .filter(StoreRequest.Publish.class::isInstance)
                .map(request -> ((StoreRequest.Publish) request).manifest())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Time passes until the job can do what it waits for. */
    private List<Order> later(JobCoordinator job) {
        now += 1_000;
        return job.tick(moment(), 0);
    }

    private static Stream<WorkerCommand> to(WorkerId worker, List<Order> orders) {
        return orders.stream().filter(order -> order.worker().equals(worker)).map(Order::command);
    }

    private static Placement all(WorkerId worker) {
        return new Placement(Map.of(READS, List.of(worker, worker)), Map.of());
    }

    @Test
    void tasksOfALostWorkerBeginAgainBesideTheOthers() {
        JobCoordinator job = running(2);
        assertThat(asks(job, ADA, 0, 1)).containsExactly("s0@0");
        assertThat(asks(job, BOB, 1, 1)).containsExactly("s1@0");
        assertThat(later(job)).contains(new Order(BOB, new WorkerCommand.Checkpoint(RUN, 1, false, 0)));
        cut(job, ADA, 1, 0, 1, "a1");
        cut(job, BOB, 1, 1, 0, "b1");
        assertThat(stored(job).committables()).hasSize(2);
        job.stored(moment(), new StoreAnswer.Published(1));
        job.on(moment(), ADA, new WorkerReport.Committed(RUN, 1));
        job.stored(moment(), new StoreAnswer.Marked());
        assertThat(asks(job, BOB, 1, 2)).containsExactly("s2@0");

        List<Order> first = job.workerLost(moment(), BOB, LOST);
        assertThat(first).containsExactly(new Order(ADA, new WorkerCommand.EndTasks(RUN, List.of(task(1)))));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(job.displaced()).containsExactly(task(1));
        assertThat(job.snapshot().waitingFor())
                .isEqualTo("1 of 2 tasks, which begin again because worker bob was lost");
        assertThat(job.snapshot().restarts()).isEqualTo(1);
        assertThat(asks(job, ADA, 0, 2))
                .as("what bob had is not given away before its task has a new place")
                .containsExactly("s3@0");
        assertThat(later(job)).as("no checkpoint meanwhile").isEmpty();

        assertThat(job.mayRenew(moment())).isTrue();
        List<Order> renewed = job.renew(all(ADA));
        assertThat(renewed).hasSize(1);
        WorkerCommand.Deploy deploy = (WorkerCommand.Deploy) renewed.get(0).command();
        assertThat(deploy.renewal()).isEqualTo(new Renewal("7.1", List.of(task(1))));
        assertThat(deploy.restore().epoch()).isEqualTo(1);
        assertThat(job.on(moment(), ADA, new WorkerReport.Deployed(RUN)))
                .containsExactly(new Order(ADA, new WorkerCommand.Start(RUN)));
        assertThat(asks(job, ADA, 1, 1)).as("from where the checkpoint was").containsExactly("s1@4");
        assertThat(asks(job, ADA, 0, 3)).containsExactly("s2@0");
        assertThat(later(job)).containsExactly(new Order(ADA, new WorkerCommand.Checkpoint(RUN, 2, false, 1)));
        assertThat(job.generation().run()).isEqualTo(RUN);
    }

    @Test
    void whatWasSealedSinceTheCheckpointIsThrownAwayAndThatOfOthersIsNot() {
        JobCoordinator job = running(2);
        asks(job, ADA, 0, 1);
        asks(job, BOB, 1, 1);
        later(job);
        cut(job, ADA, 1, 0, 0, "a1");
        // Its end is a failure, so what it sealed is in no checkpoint.
        cut(job, BOB, 1, 1, 0, "b1");
        job.stored(moment(), new StoreAnswer.NotPublished(ErrorCode.IO_FAILED.error("no")));
        job.on(moment(), BOB, new WorkerReport.TaskEnded(RUN, task(1), new TaskOutcome.Failed(LOST)));
        assertThat(job.displaced()).containsExactly(task(1));
        later(job);
        List<Order> renewed = job.renew(all(BOB));
        assertThat(renewed).hasSize(2);
        assertThat(renewed.get(0).command()).isInstanceOf(WorkerCommand.Deploy.class);
        assertThat(renewed.get(1).command())
                .as("for a worker that knows the sinks by then")
                .isEqualTo(new WorkerCommand.Discard(RUN, sealed(1, "b1")));
        job.on(moment(), BOB, new WorkerReport.Deployed(RUN));
        assertThat(asks(job, BOB, 1, 1)).containsExactly("s2@0");
        later(job);
        cut(job, ADA, 2, 0, 0, "a2");
        cut(job, BOB, 2, 1, 0, "b2");
        Manifest manifest = stored(job);
        assertThat(manifest.committables())
                .extracting(Committable::payload)
                .containsExactlyInAnyOrder("a1", "a2", "b2");
        assertThat(manifest.sources().get(0).remaining())
                .as("what the task had read in vain is still to be read")
                .extracting(start -> start.split().id() + "@" + start.rows())
                .containsExactlyInAnyOrder("s0@4", "s1@0", "s2@4", "s3@0");
    }

    @Test
    void tasksThatExchangeRowsBeginAgainTogether() {
        JobCoordinator job = running(3);
        job.workerLost(moment(), BOB, LOST);
        assertThat(job.state()).isEqualTo(JobState.RESTARTING);
    }

    @Test
    void allBeginAgainWhenNoneIsLeftThatCouldGoOn() {
        JobCoordinator job = running(2);
        job.workerLost(moment(), BOB, LOST);
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        List<Order> orders = job.workerLost(moment(), ADA, LOST);
        assertThat(job.state()).isEqualTo(JobState.RESTARTING);
        assertThat(orders).isEmpty();
        assertThat(job.displaced()).isEmpty();
    }

    @Test
    void moreTroubleWhileTheyAreDeployedIsMetTogether() {
        JobCoordinator job = running(2);
        job.workerLost(moment(), BOB, LOST);
        later(job);
        job.renew(new Placement(Map.of(READS, List.of(ADA, new WorkerId("cy"))), Map.of()));
        List<Order> orders = job.workerLost(moment(), new WorkerId("cy"), LOST);
        assertThat(to(ADA, orders)).containsExactly(new WorkerCommand.EndTasks(RUN, List.of(task(1))));
        assertThat(job.snapshot().restarts()).isEqualTo(2);
        now += 10_000;
        WorkerCommand.Deploy again =
                (WorkerCommand.Deploy) job.renew(all(ADA)).get(0).command();
        assertThat(again.renewal().attempt()).isEqualTo("7.2");
    }

    @Test
    void aJobThatIsCancelledMeanwhileEnds() {
        JobCoordinator job = running(2);
        job.workerLost(moment(), BOB, LOST);
        assertThat(job.cancel()).containsExactly(new Order(ADA, new WorkerCommand.Cancel(RUN)));
        job.on(moment(), ADA, new WorkerReport.TaskEnded(RUN, task(0), new TaskOutcome.Cancelled()));
        job.on(moment(), ADA, new WorkerReport.Released(RUN));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }
}
