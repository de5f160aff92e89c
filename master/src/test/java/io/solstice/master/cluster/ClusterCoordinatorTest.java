package io.solstice.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.job.StoreAnswer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a master says and does, without a network: events in, actions out. */
class ClusterCoordinatorTest extends CoordinatorBench {
    @Test
    void aJobWaitsForAWorkerAndThenForWhatItNeeds() {
        submit(Specs.job("big", 3, new Resources(1, 0, 0), "ann"));
        assertThat(newest().snapshot().state()).isEqualTo(JobState.CREATED);
        assertThat(newest().snapshot().waitingFor()).isEqualTo("a worker; none is registered");
        join(1, "w1", TWO_CORES);
        RunId run = newest().snapshot().run();
        assertThat(state(run)).isEqualTo(JobState.PREPARING);
        report(1, new WorkerReport.Prepared(run, Map.of(), Map.of(), Set.of()));
        assertThat(newest().snapshot().waitingFor())
                .isEqualTo("1 task of stage 'sink', each with 1 CPU, 0 GPUs, 0 bytes; free on 1 worker: 0 CPUs, 0 GPUs,"
                        + " 4 GiB; the cluster is too small for the job");
        List<MasterAction> actions = join(2, "w2", TWO_CORES);
        assertThat(state(run)).isEqualTo(JobState.DEPLOYING);
        List<WorkerCommand.Deploy> deploys = actions.stream()
                .filter(MasterAction.Send.class::isInstance)
                .map(action -> ((MasterAction.Send) action).message())
                .filter(MasterMessage.Command.class::isInstance)
                .map(message -> ((MasterMessage.Command) message).command())
                .filter(WorkerCommand.Deploy.class::isInstance)
                .map(WorkerCommand.Deploy.class::cast)
                .toList();
        assertThat(deploys).hasSize(2);
        assertThat(deploys.get(0).placement().endpoints()).hasSize(2);
    }

    @Test
    void aTaskThatFitsNowhereFailsAtOnceWithTheNumbers() {
        join(1, "w1", TWO_CORES);
        RunId run = prepared(Specs.job("gpu", 1, new Resources(1, 2, 0), "ann"), 1);
        report(1, new WorkerReport.Released(run));
        var error = Objects.requireNonNull(newest().snapshot().error());
        assertThat(state(run)).isEqualTo(JobState.FAILED);
        assertThat(error.code()).isEqualTo(ErrorCode.RESOURCES_IMPOSSIBLE);
        assertThat(error.what())
                .isEqualTo("a task of stage 'sink' needs 1 CPU, 2 GPUs, 0 bytes, and no worker is that large");
        assertThat(error.cause()).isEqualTo("the 1 worker offers 2 CPUs, 0 GPUs, 4 GiB");
    }

    @Test
    void aJobThatIsTooLargeForTheClusterGivesUpInTheEnd() {
        join(1, "w1", TWO_CORES);
        RunId run = prepared(Specs.job("wide", 5, new Resources(1, 0, 0), "ann"), 1);
        for (int i = 0; i < 61; i++) {
            assertThat(state(run)).isEqualTo(JobState.SCHEDULING);
            now += 1_000;
            happens(new MasterEvent.Received(new SessionId(1), new WorkerMessage.Heartbeat(i, 0, List.of())));
            happens(new MasterEvent.Tick());
        }
        report(1, new WorkerReport.Released(run));
        assertThat(Objects.requireNonNull(newest().snapshot().error()).code()).isEqualTo(ErrorCode.RESOURCES_MISSING);
        assertThat(newest().snapshot().error().cause()).contains("3 tasks of stage 'sink'");
    }

    @Test
    void theSubmitterWhoUsesLeastComesFirst() {
        join(1, "w1", new Resources(4, 0, 4L << 30));
        RunId running = prepared(Specs.job("ann-1", 2, new Resources(1, 0, 0), "ann"), 1);
        RunId blocking = prepared(Specs.job("bob-1", 1, new Resources(1, 0, 0), "bob"), 1);
        assertThat(state(running)).isEqualTo(JobState.DEPLOYING);
        assertThat(state(blocking)).isEqualTo(JobState.DEPLOYING);
        RunId annsNext = prepared(Specs.job("ann-2", 2, new Resources(1, 0, 0), "ann"), 1);
        RunId bobsNext = prepared(Specs.job("bob-2", 2, new Resources(1, 0, 0), "bob"), 1);
        report(1, new WorkerReport.DeployFailed(blocking, ErrorCode.INTERNAL.error("gone")));
        assertThat(state(bobsNext)).isEqualTo(JobState.DEPLOYING);
        assertThat(state(annsNext)).isEqualTo(JobState.SCHEDULING);
    }

    @Test
    void aLargeJobIsNotPassedForEver() {
        join(1, "w1", new Resources(4, 0, 4L << 30));
        RunId running = prepared(Specs.job("first", 3, new Resources(1, 0, 0), "ann"), 1);
        RunId large = prepared(Specs.job("large", 4, new Resources(1, 0, 0), "ann"), 1);
        RunId small = prepared(Specs.job("small", 1, new Resources(1, 0, 0), "ann"), 1);
        assertThat(state(small)).as("passes").isEqualTo(JobState.DEPLOYING);
        for (int second = 0; second < 31; second++) {
            now += 1_000;
            happens(new MasterEvent.Received(new SessionId(1), new WorkerMessage.Heartbeat(second, 0, List.of())));
        }
        RunId later = prepared(Specs.job("later", 1, new Resources(1, 0, 0), "bob"), 1);
        report(1, new WorkerReport.DeployFailed(small, ErrorCode.INTERNAL.error("gone")));
        assertThat(state(later)).as("no longer passes").isEqualTo(JobState.SCHEDULING);
        report(1, new WorkerReport.DeployFailed(running, ErrorCode.INTERNAL.error("gone")));
        assertThat(state(large)).isEqualTo(JobState.DEPLOYING);
    }

    @Test
    void theSameRequestIsTheSameJob() {
        JobSpec spec = Specs.job("once", 1, Resources.NONE, "ann");
        List<MasterAction> first = submit(spec);
        List<MasterAction> second = submit(spec);
        RunId run = newest().snapshot().run();
        assertThat(first).contains(new MasterAction.Accept(1, run, false));
        assertThat(second).containsExactly(new MasterAction.Accept(2, run, true));
        assertThat(submit(new JobSpec(spec.graph(), spec.program(), "another", "ann")))
                .singleElement()
                .isInstanceOfSatisfying(
                        MasterAction.Reject.class,
                        reject -> assertThat(reject.why().code()).isEqualTo(ErrorCode.JOB_EXISTS));
    }

    @Test
    void workersThatDoNotMatchAreRefused() {
        WorkerRegistration good = registration("w1", 1, TWO_CORES);
        for (WorkerRegistration bad : List.of(
                new WorkerRegistration(good.worker(), good.endpoint(), TWO_CORES, "2", "test", List.of()),
                new WorkerRegistration(good.worker(), good.endpoint(), TWO_CORES, "1", "other", List.of()))) {
            List<MasterAction> actions =
                    happens(new MasterEvent.Received(new SessionId(9), new WorkerMessage.Register(bad)));
            assertThat(actions)
                    .anySatisfy(action -> assertThat(action)
                            .isInstanceOfSatisfying(
                                    MasterAction.Send.class,
                                    send -> assertThat(send.message())
                                            .isInstanceOfSatisfying(
                                                    MasterMessage.Refused.class,
                                                    refused -> assertThat(refused.error()
                                                                    .code())
                                                            .isEqualTo(ErrorCode.CLUSTER_MISMATCH))));
            assertThat(master.workers(moment())).isEmpty();
        }
    }

    @Test
    void aSecondWorkerOfTheSameNameIsTurnedAwayButARestartedOneIsNot() {
        join(1, "w1", TWO_CORES);
        assertThat(join(2, "w1", TWO_CORES)).anyMatch(MasterAction.Close.class::isInstance);
        assertThat(master.workers(moment())).hasSize(1);
        happens(new MasterEvent.Received(
                new SessionId(3), new WorkerMessage.Register(registration("w1", 9_001, TWO_CORES))));
        happens(new MasterEvent.Disconnected(new SessionId(1), "late news of the old connection"));
        assertThat(master.workers(moment())).hasSize(1);
    }

    @Test
    void silenceIsALossButAMasterThatStoodStillABitForgives() {
        join(1, "w1", TWO_CORES);
        happens(new MasterEvent.Tick());
        now += 2_900;
        happens(new MasterEvent.Tick());
        assertThat(master.workers(moment())).hasSize(1);
        for (int i = 0; i < 4; i++) {
            now += 1_000;
            happens(new MasterEvent.Tick());
        }
        assertThat(master.workers(moment())).isEmpty();
    }

    @Test
    void theLossOfAWorkerIsTheCauseAlsoIfItsPeersNoticedFirst() {
        join(1, "w1", TWO_CORES);
        join(2, "w2", TWO_CORES);
        RunId run = prepared(Specs.job("spread", 2, new Resources(1, 0, 0), "ann"), 1);
        report(1, new WorkerReport.Deployed(run));
        report(2, new WorkerReport.Deployed(run));
        assertThat(state(run)).isEqualTo(JobState.RUNNING);
        report(1, new WorkerReport.DeployFailed(run, ErrorCode.EXCHANGE_LOST.error("the road to w2 broke")));
        happens(new MasterEvent.Disconnected(new SessionId(2), "the connection was closed"));
        assertThat(state(run)).isEqualTo(JobState.RESTARTING);
        assertThat(Objects.requireNonNull(newest().snapshot().restartCause()).code())
                .isEqualTo(ErrorCode.WORKER_LOST);
        report(1, new WorkerReport.Released(run));
        join(3, "w3", TWO_CORES);
        now += 1_000;
        happens(new MasterEvent.Tick());
        assertThat(state(run)).isEqualTo(JobState.DEPLOYING);
        assertThat(newest().snapshot().run()).as("to clients it is the same").isEqualTo(run);
        assertThat(newest().snapshot().current()).isEqualTo(new RunId(run.job(), run.generation() + 1));
        report(1, new WorkerReport.Deployed(run));
        report(3, new WorkerReport.Deployed(run));
        assertThat(state(run)).as("answers of the old generation mean nothing").isEqualTo(JobState.DEPLOYING);
    }

    @Test
    void aWorkerThatIsStoppedIsNotCalledLost() {
        join(1, "w1", TWO_CORES);
        join(2, "w2", TWO_CORES);
        RunId run = prepared(Specs.job("spread", 2, new Resources(1, 0, 0), "ann"), 1);
        happens(new MasterEvent.Received(new SessionId(2), new WorkerMessage.Leaving()));
        happens(new MasterEvent.Disconnected(new SessionId(2), "the connection was closed"));
        report(1, new WorkerReport.DeployFailed(run, ErrorCode.EXCHANGE_LOST.error("the road to w2 broke")));
        report(1, new WorkerReport.Released(run));
        assertThat(state(run)).isEqualTo(JobState.RESTARTING);
        SolsticeError error = Objects.requireNonNull(newest().snapshot().restartCause());
        assertThat(error.code()).isEqualTo(ErrorCode.WORKER_LOST);
        assertThat(error.what()).isEqualTo("worker w2 was stopped while it ran part of the job");
        assertThat(error.cause()).isEqualTo("it was asked to stop and has left in order");
    }

    @Test
    void aDrainedWorkerGetsNoMoreTasks() {
        join(1, "w1", TWO_CORES);
        join(2, "w2", TWO_CORES);
        happens(new MasterEvent.Drain(new WorkerId("w2")));
        assertThat(master.workers(moment()))
                .extracting(WorkerView::state)
                .containsExactly(WorkerState.ACTIVE, WorkerState.DRAINED);
        RunId run = prepared(Specs.job("calm", 2, Resources.NONE, "ann"), 1);
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(master.job(run)).placement())
                        .endpoints()
                        .keySet())
                .containsExactly(new WorkerId("w1"));
    }

    @Test
    void aJobLeavesADrainedWorkerWithACheckpointAndIsNotBlamed() {
        join(1, "w1", TWO_CORES);
        RunId run = running("calm", 1, 1);
        happens(new MasterEvent.Drain(new WorkerId("w1")));
        now += 1_000;
        assertThat(sent(happens(new MasterEvent.Tick()))).as("nowhere to go").isEmpty();
        join(2, "w2", TWO_CORES);
        now += 200;
        assertThat(sent(happens(new MasterEvent.Tick())))
                .contains(new MasterMessage.Command(new WorkerCommand.Checkpoint(run, 1, false, 0)));
        aliveTasks(run)
                .forEach(task -> report(
                        1,
                        new WorkerReport.SnapshotTaken(
                                run, 1, new TaskSnapshot(task, positions(task), List.of(), List.of()))));
        happens(new MasterEvent.Stored(run, new StoreAnswer.Published(1)));
        happens(new MasterEvent.Stored(run, new StoreAnswer.Marked()));
        assertThat(state(run)).isEqualTo(JobState.RUNNING);
        now += 200;
        happens(new MasterEvent.Tick());
        assertThat(state(run)).isEqualTo(JobState.RESTARTING);
        report(1, new WorkerReport.Released(run));
        assertThat(state(run)).as("without a wait").isEqualTo(JobState.DEPLOYING);
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(master.job(run)).placement())
                        .endpoints()
                        .keySet())
                .containsExactly(new WorkerId("w2"));
        assertThat(Objects.requireNonNull(newest().snapshot().restartCause()).code())
                .isEqualTo(ErrorCode.WORKER_DRAINED);
        assertThat(master.workers(moment()))
                .extracting(WorkerView::state)
                .containsExactly(WorkerState.DRAINED, WorkerState.ACTIVE);
    }

    @Test
    void aWorkerSaysItselfThatItIsBeingDrained() {
        join(1, "w1", TWO_CORES);
        assertThat(sent(happens(new MasterEvent.Drain(new WorkerId("w1"))))).containsExactly(new MasterMessage.Drain());
        nextMaster();
        WorkerRegistration again = new WorkerRegistration(
                new WorkerId("w1"), new Endpoint("localhost", 9_001), TWO_CORES, "1", "test", List.of(), true);
        happens(new MasterEvent.Received(new SessionId(2), new WorkerMessage.Register(again)));
        assertThat(master.workers(moment())).extracting(WorkerView::state).containsExactly(WorkerState.DRAINED);
    }

    @Test
    void whatIsTurnedAwayIsCounted() {
        join(1, "w1", TWO_CORES);
        RunId run = running("calm", 1, 1);
        happens(new MasterEvent.Disconnected(new SessionId(1), "gone"));
        comesBack(2, "w1", run);
        assertThat(master.fenced()).isEqualTo(new Fenced(1, 0));
        happens(new MasterEvent.Stored(run, new StoreAnswer.Fenced(ErrorCode.CHECKPOINT_FENCED.error("late"))));
        assertThat(master.fenced()).isEqualTo(new Fenced(1, 1));
    }

    @Test
    void onlySoManyEndedJobsAreKept() {
        join(1, "w1", TWO_CORES);
        for (int i = 0; i < 6; i++) {
            RunId run = prepared(Specs.job("job-" + i, 1, new Resources(99, 0, 0), "ann"), 1);
            report(1, new WorkerReport.Released(run));
        }
        assertThat(master.jobs()).hasSize(3);
        assertThat(newest().spec().job().value()).isEqualTo("job-5");
    }
}
