package io.solstice.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One master after another, or the same one begun anew, and what becomes of jobs meanwhile. */
class ChangeOfMastersTest extends CoordinatorBench {
    /** What the store says of a run that has no checkpoint, to the master of a term. */
    private static StoreAnswer nothing(long term) {
        return new StoreAnswer.Regained(term, new StoreAnswer.Nothing(1));
    }

    /** A job whose tasks are on one worker, which has come back to the next master and not said what it has of it. */
    private RunId runsOn() {
        join(1, "w1", TWO_CORES);
        RunId run = running("steady", 1, 1);
        nextMaster();
        comesBack(5, "w1", run);
        return run;
    }

    @Test
    void aMasterThatStoodStillForLongBeginsAnewAndNoTaskDoes() {
        join(1, "w1", TWO_CORES);
        RunId run = running("steady", 1, 1);
        happens(new MasterEvent.Checkpoint(77, run, false));
        now += 60_000;
        List<MasterAction> woken = happens(new MasterEvent.Disconnected(new SessionId(1), "the worker closed it"));
        assertThat(woken).anyMatch(action -> action instanceof MasterAction.Close);
        assertThat(woken).anyMatch(action -> action instanceof MasterAction.NotCheckpointed);
        assertThat(master.journaled().term()).isEqualTo(2);
        assertThat(state(run)).isEqualTo(JobState.RUNNING);
        assertThat(sent(comesBack(5, "w1", run))).contains(new MasterMessage.Welcome(2, List.of(run)));
        happens(new MasterEvent.Stored(run, nothing(2)));
        report(5, account(run, "w1"));
        assertThat(newest().snapshot().waitingFor()).isEmpty();
        assertThat(newest().snapshot().current()).isEqualTo(run);
    }

    @Test
    void aJobThatWasNotRunningBeginsAgainUnderTheNextMaster() {
        join(1, "w1", TWO_CORES);
        RunId run = prepared(Specs.job("cut", 1, Resources.NONE, "ann"), 1);
        assertThat(state(run)).isEqualTo(JobState.DEPLOYING);
        nextMaster();
        assertThat(state(run)).isEqualTo(JobState.RESTARTING);
        assertThat(newest().snapshot().waitingFor()).isEqualTo("its newest checkpoint");
        assertThat(sent(comesBack(5, "w1", run)))
                .as("nothing of it is kept")
                .contains(new MasterMessage.Welcome(2, List.of()));
        happens(new MasterEvent.Stored(run, nothing(2)));
        assertThat(state(run)).isEqualTo(JobState.DEPLOYING);
        assertThat(newest().snapshot().current().generation()).isEqualTo(run.generation() + 1);
        assertThat(Objects.requireNonNull(newest().snapshot().restartCause()).code())
                .isEqualTo(ErrorCode.MASTER_RESTARTED);
        assertThat(master.journaled().term()).isEqualTo(2);
        submit(Specs.job("cut", 1, Resources.NONE, "ann"));
        assertThat(master.jobs()).as("the same request is still the same job").hasSize(1);
    }

    @Test
    void aRunningJobGoesOnUnderTheNextMasterWhenAllIsKnown() {
        join(1, "w1", TWO_CORES);
        join(2, "w2", TWO_CORES);
        RunId run = running("steady", 2, 1, 2);
        nextMaster();
        assertThat(state(run)).isEqualTo(JobState.RUNNING);
        assertThat(sent(comesBack(5, "w1", run))).contains(new MasterMessage.Welcome(2, List.of(run)));
        report(5, account(run, "w1"));
        happens(new MasterEvent.Stored(run, nothing(2)));
        assertThat(newest().snapshot().waitingFor()).endsWith("w2");
        comesBack(6, "w2", run);
        List<MasterAction> known =
                happens(new MasterEvent.Received(new SessionId(6), new WorkerMessage.Report(account(run, "w2"))));
        assertThat(sent(known))
                .as("a Start that may have been lost")
                .hasSize(2)
                .containsOnly(new MasterMessage.Command(new WorkerCommand.Start(run)));
        assertThat(newest().snapshot().waitingFor()).isEmpty();
        assertThat(newest().snapshot().current()).as("no task has begun again").isEqualTo(run);
        assertThat(newest().snapshot().restarts()).isZero();
        assertThat(master.secret(run)).isEqualTo("secret");
    }

    @Test
    void aWorkerThatDoesNotComeBackIsLost() {
        join(1, "w1", TWO_CORES);
        join(2, "w2", TWO_CORES);
        RunId run = running("steady", 2, 1, 2);
        nextMaster();
        comesBack(5, "w1", run);
        report(5, account(run, "w1"));
        happens(new MasterEvent.Stored(run, nothing(2)));
        for (int second = 0; second < 10; second++) {
            assertThat(state(run)).as("after %s s", second).isEqualTo(JobState.RUNNING);
            now += 1_000;
            happens(new MasterEvent.Received(new SessionId(5), new WorkerMessage.Heartbeat(second, 0, List.of())));
            happens(new MasterEvent.Tick());
        }
        assertThat(state(run)).isEqualTo(JobState.RESTARTING);
        SolsticeError cause = Objects.requireNonNull(newest().snapshot().restartCause());
        assertThat(cause.what()).isEqualTo("worker w2 was lost");
        assertThat(cause.cause()).contains("since the master changed");
    }

    @Test
    void aWorkerThatComesBackWithoutItsTasksIsLostAtOnce() {
        join(1, "w1", TWO_CORES);
        RunId run = running("steady", 1, 1);
        nextMaster();
        happens(new MasterEvent.Stored(run, nothing(2)));
        comesBack(5, "w1");
        now += 1_000;
        happens(new MasterEvent.Tick());
        assertThat(state(run)).isEqualTo(JobState.DEPLOYING);
        assertThat(newest().snapshot().restarts()).isEqualTo(1);
    }

    @Test
    void aRestartThatTheMasterDidNotSurviveCountsUnderTheNext() {
        join(1, "w1", TWO_CORES);
        RunId run = running("both", 1, 1);
        happens(new MasterEvent.Disconnected(new SessionId(1), "connection reset"));
        assertThat(state(run)).isEqualTo(JobState.RESTARTING);
        nextMaster();
        happens(new MasterEvent.Stored(run, nothing(2)));
        comesBack(5, "w1");
        now += 1_000;
        happens(new MasterEvent.Tick());
        assertThat(state(run)).isEqualTo(JobState.DEPLOYING);
        assertThat(newest().snapshot().restarts()).isEqualTo(1);
        assertThat(master.journaled().jobs().values())
                .extracting(job -> job.standing().restarts())
                .containsExactly(1);
    }

    @Test
    void aJobThatIsCancelledBeforeItsWorkersComeEndsWhenTheyDo() {
        join(1, "w1", TWO_CORES);
        RunId run = running("steady", 1, 1);
        nextMaster();
        happens(new MasterEvent.Cancel(run));
        assertThat(state(run)).isEqualTo(JobState.CANCELLING);
        assertThat(sent(comesBack(5, "w1", run))).contains(new MasterMessage.Welcome(2, List.of()));
        assertThat(state(run)).isEqualTo(JobState.CANCELLED);
    }

    /** Seed 613 of the simulation: nobody says once more that they have ended. */
    @Test
    void aJobThatIsCancelledWhenAllItsTasksHaveEndedUnderTheMasterBeforeEnds() {
        RunId run = runsOn();
        happens(new MasterEvent.Cancel(run));
        WorkerReport nothing = new WorkerReport.Kept(run, new RunAccount(List.of(), 0, false, List.of(), List.of()));
        List<MasterAction> then =
                happens(new MasterEvent.Received(new SessionId(5), new WorkerMessage.Report(nothing)));
        assertThat(sent(then)).contains(new MasterMessage.Command(new WorkerCommand.Release(run, List.of())));
        report(5, new WorkerReport.Released(run));
        assertThat(state(run)).isEqualTo(JobState.CANCELLED);
    }

    /** Seed 616 of the simulation: what was to be told when the job would be led was forgotten. */
    @Test
    void aJobThatIsCancelledAfterItsWorkersSaidThatAllHasEndedEnds() {
        RunId run = runsOn();
        report(5, account(run, "w1"));
        for (String stage : List.of("source", "sink")) {
            TaskId task = new TaskId(run.job(), new StageId(stage), 0);
            report(5, new WorkerReport.TaskEnded(run, task, new TaskOutcome.Finished(List.of())));
        }
        assertThat(sent(happens(new MasterEvent.Cancel(run))))
                .contains(new MasterMessage.Command(new WorkerCommand.Release(run, List.of())));
        report(5, new WorkerReport.Released(run));
        assertThat(state(run)).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aStoreThatCannotBeReachedIsAskedAgainAndOneThatIsDamagedEndsTheJob() {
        RunId run = runsOn();
        report(5, account(run, "w1"));
        happens(new MasterEvent.Stored(
                run, new StoreAnswer.NotLoaded(ErrorCode.STORE_UNREACHABLE.error("nobody answers"))));
        assertThat(state(run)).isEqualTo(JobState.RUNNING);
        now += 1_000;
        List<MasterAction> later = happens(new MasterEvent.Tick());
        assertThat(later)
                .anyMatch(action ->
                        action instanceof MasterAction.Store store && store.request() instanceof StoreRequest.Regain);
        happens(new MasterEvent.Stored(
                run, new StoreAnswer.NotLoaded(ErrorCode.OBJECT_DAMAGED.error("it is not what was written"))));
        assertThat(state(run)).isEqualTo(JobState.FAILING);
    }

    /** The late answer to the master as it was is none to what it has become: the store has let go of that one since. */
    @Test
    void anAnswerToTheMasterBeforeMeansNothing() {
        join(1, "w1", TWO_CORES);
        RunId run = running("steady", 1, 1);
        nextMaster();
        nextMaster();
        comesBack(5, "w1", run);
        report(5, account(run, "w1"));
        happens(new MasterEvent.Stored(run, nothing(2)));
        happens(new MasterEvent.Stored(run, new StoreAnswer.Nothing(1)));
        assertThat(newest().snapshot().waitingFor()).isEqualTo("its newest checkpoint");
        happens(new MasterEvent.Stored(run, nothing(3)));
        assertThat(newest().snapshot().waitingFor()).isEmpty();
    }
}
