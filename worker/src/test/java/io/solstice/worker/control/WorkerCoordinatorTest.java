package io.solstice.worker.control;

import static io.solstice.worker.control.Commands.assign;
import static io.solstice.worker.control.Commands.commit;
import static io.solstice.worker.control.Commands.deploy;
import static io.solstice.worker.control.Commands.prepare;
import static io.solstice.worker.control.Commands.release;
import static io.solstice.worker.control.Commands.run;
import static io.solstice.worker.control.Commands.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerCoordinatorTest {
    private static final RunId RUN = run("job", 1);

    private final WorkerCoordinator worker = new WorkerCoordinator(Commands.PROFILE, LinkTimes.DEFAULT, new Random(1));
    private long now = 1_000;
    private long link;

    private List<WorkerAction> on(WorkerEvent event) {
        List<WorkerAction> actions = worker.on(event, now);
        actions.forEach(action -> {
            if (action instanceof WorkerAction.OpenLink open) {
                link = open.link();
            }
        });
        return actions;
    }

    private List<WorkerAction> tick(long millis) {
        now += millis;
        return on(new WorkerEvent.Tick());
    }

    private List<WorkerAction> hear(MasterMessage message) {
        return on(new WorkerEvent.Received(link, message));
    }

    private List<WorkerAction> command(WorkerCommand command) {
        return hear(new MasterMessage.Command(command));
    }

    private List<WorkerAction> report(WorkerReport report) {
        return on(new WorkerEvent.Reported(report));
    }

    private List<WorkerAction> endTask(int index) {
        return report(new WorkerReport.TaskEnded(RUN, task(RUN, index), new TaskOutcome.Finished(List.of())));
    }

    private void join(RunId... kept) {
        tick(0);
        hear(new MasterMessage.Welcome(1, List.of(kept)));
        assertThat(worker.link()).isEqualTo(LinkPhase.JOINED);
    }

    private static List<WorkerCommand> carriedOut(List<WorkerAction> actions) {
        return actions.stream()
                .filter(WorkerAction.CarryOut.class::isInstance)
                .map(action -> ((WorkerAction.CarryOut) action).command())
                .toList();
    }

    private static List<WorkerMessage> sent(List<WorkerAction> actions) {
        return actions.stream()
                .filter(WorkerAction.Send.class::isInstance)
                .map(action -> ((WorkerAction.Send) action).message())
                .toList();
    }

    private static List<String> said(List<WorkerAction> actions) {
        return actions.stream()
                .filter(WorkerAction.Say.class::isInstance)
                .map(action -> ((WorkerAction.Say) action).line())
                .toList();
    }

    private static WorkerMessage told(WorkerReport report) {
        return new WorkerMessage.Report(report);
    }

    private void running() {
        join();
        command(deploy(RUN));
        report(new WorkerReport.Deployed(RUN));
        command(new WorkerCommand.Start(RUN));
        assertThat(worker.phaseOf(RUN)).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void comesBackWithGrowingPatienceAndSaysSo() {
        for (int attempt = 0; attempt < 12; attempt++) {
            assertThat(tick(5_000)).hasAtLeastOneElementOfType(WorkerAction.OpenLink.class);
            List<WorkerAction> lost = on(new WorkerEvent.LinkClosed(link, "connection refused"));
            assertThat(said(lost))
                    .singleElement()
                    .asString()
                    .matches(
                            "cannot reach the master at master:7070 \\(connection refused\\); trying again in \\d.\\d s");
        }
        assertThat(tick(100)).as("too early").isEmpty();
        now += 5_000;
        join();
    }

    @Test
    void aSilentMasterIsLostAndAnEarlierLinkMeansNothing() {
        join();
        assertThat(tick(1_000)).containsExactly(new WorkerAction.SendHeartbeat(1));
        assertThat(hear(new MasterMessage.HeartbeatSeen(1))).isEmpty();
        List<GroupTime> others = List.of(new GroupTime(RUN, "both", 1, 7));
        assertThat(hear(new MasterMessage.HeartbeatSeen(1, others))).containsExactly(new WorkerAction.Align(others));
        assertThat(tick(3_900)).containsExactly(new WorkerAction.SendHeartbeat(2));
        long first = link;
        assertThat(tick(100)).contains(new WorkerAction.CloseLink(first));
        assertThat(worker.link()).isEqualTo(LinkPhase.AWAY);
        tick(1_000);
        assertThat(link).isGreaterThan(first);
        assertThat(on(new WorkerEvent.LinkClosed(first, "late"))).isEmpty();
        assertThat(on(new WorkerEvent.Received(first, new MasterMessage.Welcome(1, List.of()))))
                .isEmpty();
        assertThat(worker.link()).isEqualTo(LinkPhase.OPENING);
    }

    @Test
    void aMasterOfAnEarlierTermIsNotFollowed() {
        tick(0);
        hear(new MasterMessage.Welcome(7, List.of()));
        on(new WorkerEvent.LinkClosed(link, "gone"));
        tick(1_000);
        List<WorkerAction> actions = hear(new MasterMessage.Welcome(6, List.of()));
        assertThat(actions).contains(new WorkerAction.CloseLink(link));
        assertThat(worker.link()).isEqualTo(LinkPhase.AWAY);
    }

    @Test
    void aRefusedWorkerLetsGoOfEverythingAndExits() {
        running();
        on(new WorkerEvent.LinkClosed(link, "gone"));
        tick(1_000);
        SolsticeError error = ErrorCode.CLUSTER_MISMATCH.error("another release");
        List<WorkerAction> refused = hear(new MasterMessage.Refused(error));
        assertThat(carriedOut(refused)).containsExactly(release(RUN));
        assertThat(report(new WorkerReport.Released(RUN)))
                .endsWith(new WorkerAction.Exit(WorkerCoordinator.EXIT_REFUSED, error));
        assertThat(tick(10_000)).isEmpty();
    }

    @Test
    void aShutdownSaysGoodbyeAndWaitsForTheRunsButNotForEver() {
        running();
        List<WorkerAction> actions = on(new WorkerEvent.ShutdownAsked());
        assertThat(sent(actions)).containsExactly(new WorkerMessage.Leaving());
        assertThat(actions).contains(new WorkerAction.CloseLink(link));
        assertThat(tick(9_000)).isEmpty();
        assertThat(tick(2_000)).containsExactly(new WorkerAction.Exit(0, null));
    }

    @Test
    void leadsARunFromItsPreparationToItsRelease() {
        join();
        assertThat(carriedOut(command(prepare(RUN)))).containsExactly(prepare(RUN));
        WorkerReport prepared = new WorkerReport.Prepared(RUN, Map.of(), Map.of(), Set.of());
        assertThat(sent(report(prepared))).containsExactly(told(prepared));
        assertThat(sent(command(prepare(RUN)))).as("asked again").containsExactly(told(prepared));
        assertThat(carriedOut(command(deploy(RUN)))).containsExactly(deploy(RUN));
        assertThat(command(deploy(RUN))).as("repeated").isEmpty();
        assertThat(command(new WorkerCommand.Start(RUN))).as("too early").isEmpty();
        report(new WorkerReport.Deployed(RUN));
        assertThat(worker.aliveTasks(RUN)).containsExactlyInAnyOrder(task(RUN, 0), task(RUN, 2));
        assertThat(carriedOut(command(new WorkerCommand.Start(RUN)))).hasSize(1);
        assertThat(carriedOut(command(assign(RUN, 0, 1)))).hasSize(1);
        assertThat(carriedOut(command(assign(RUN, 0, 1)))).as("answered before").isEmpty();
        assertThat(command(assign(RUN, 1, 1))).as("not of this worker").isEmpty();
        assertThat(endTask(0)).hasSize(1);
        assertThat(endTask(0)).as("twice").isEmpty();
        assertThat(command(assign(RUN, 0, 2))).as("of an ended task").isEmpty();
        List<WorkerAction> last = endTask(2);
        assertThat(last.get(0)).as("counters come before the end").isInstanceOf(WorkerAction.SendHeartbeat.class);
        assertThat(carriedOut(command(commit(RUN)))).hasSize(1);
        assertThat(command(commit(RUN))).as("under way").isEmpty();
        report(new WorkerReport.Committed(RUN, 1));
        assertThat(sent(command(commit(RUN)))).as("done").containsExactly(told(new WorkerReport.Committed(RUN, 1)));
        assertThat(carriedOut(command(release(RUN)))).containsExactly(release(RUN));
        assertThat(report(new WorkerReport.Released(RUN)))
                .containsExactly(
                        new WorkerAction.Send(told(new WorkerReport.Released(RUN))), new WorkerAction.Forget(RUN));
        assertThat(worker.held()).isEmpty();
        assertThat(sent(command(release(RUN)))).containsExactly(told(new WorkerReport.Released(RUN)));
        assertThat(command(deploy(RUN))).as("late").isEmpty();
    }

    @Test
    void aCancelDuringDeploymentFollowsIt() {
        join();
        assertThat(command(new WorkerCommand.Cancel(RUN))).as("unknown").isEmpty();
        command(deploy(RUN));
        assertThat(carriedOut(command(new WorkerCommand.Cancel(RUN)))).containsExactly(new WorkerCommand.Cancel(RUN));
        assertThat(command(new WorkerCommand.Cancel(RUN))).as("repeated").isEmpty();
        assertThat(sent(report(new WorkerReport.Deployed(RUN)))).hasSize(1);
        assertThat(command(new WorkerCommand.Start(RUN))).isEmpty();
        endTask(0);
        endTask(2);
        assertThat(worker.phaseOf(RUN)).isEqualTo(RunPhase.ENDED);
    }

    @Test
    void aFailedDeploymentLeavesNoTask() {
        join();
        command(deploy(RUN));
        report(new WorkerReport.DeployFailed(RUN, ErrorCode.INTERNAL.error("no")));
        assertThat(worker.phaseOf(RUN)).isEqualTo(RunPhase.ENDED);
        assertThat(worker.aliveTasks(RUN)).isEmpty();
        assertThat(command(new WorkerCommand.Cancel(RUN))).isEmpty();
    }

    @Test
    void aNewerRunEndsTheOlderAndAnOlderNeverComesBack() {
        running();
        RunId newer = run("job", 2);
        List<WorkerAction> actions = command(prepare(newer));
        assertThat(carriedOut(actions)).containsExactly(release(RUN), prepare(newer));
        assertThat(endTask(0)).as("of the older one").isEmpty();
        assertThat(report(new WorkerReport.Released(RUN))).containsExactly(new WorkerAction.Forget(RUN));
        assertThat(command(deploy(RUN))).isEmpty();
        assertThat(worker.held()).containsExactly(newer);
    }

    /** The master that led so far is gone; the next one learns what it has to know, and nothing is done twice. */
    /** One that was lost may have given numbers to what never became canonical. */
    @Test
    void anotherMasterMayPublishUnderALowerNumber() {
        join();
        command(deploy(RUN));
        assertThat(carriedOut(command(commit(RUN, 3)))).hasSize(1);
        report(new WorkerReport.Committed(RUN, 3));
        assertThat(command(commit(RUN))).as("a late one of the same master").isEmpty();
        on(new WorkerEvent.LinkClosed(link, "the master was killed"));
        tick(5_000);
        hear(new MasterMessage.Welcome(2, List.of(RUN)));
        assertThat(carriedOut(command(commit(RUN)))).containsExactly(commit(RUN));
    }

    @Test
    void whatTheWelcomeKeepsGoesOnAndIsTold() {
        running();
        SplitStart split = SplitStart.fresh(Split.of(1, "place"));
        command(new WorkerCommand.AssignSplits(RUN, task(RUN, 0), Commands.STAGE, 1, List.of(split), false));
        report(new WorkerReport.SplitFinished(
                RUN, task(RUN, 0), Commands.STAGE, split.split().id()));
        command(new WorkerCommand.Checkpoint(RUN, 1, false, 0));
        report(taken(1, 0));
        command(new WorkerCommand.Checkpoint(RUN, 2, false, 1));
        on(new WorkerEvent.LinkClosed(link, "the master was killed"));
        report(taken(2, 0));
        report(new WorkerReport.SplitsWanted(RUN, task(RUN, 0), Commands.STAGE, 2, false));
        endTask(2);
        tick(5_000);
        List<WorkerAction> actions = hear(new MasterMessage.Welcome(2, List.of(RUN)));
        assertThat(worker.phaseOf(RUN)).isEqualTo(RunPhase.RUNNING);
        WorkerReport ended = new WorkerReport.TaskEnded(RUN, task(RUN, 2), new TaskOutcome.Finished(List.of()));
        RunAccount account = new RunAccount(
                List.of(task(RUN, 0)),
                2,
                false,
                List.of(new RunAccount.Assigned(task(RUN, 0), Commands.STAGE, 1, List.of(split), 1, false)),
                List.of(taken(2, 0), ended));
        assertThat(sent(actions))
                .containsExactly(
                        new WorkerMessage.Report(new WorkerReport.Kept(RUN, account)),
                        new WorkerMessage.Report(
                                new WorkerReport.SplitsWanted(RUN, task(RUN, 0), Commands.STAGE, 2, false)));
        assertThat(carriedOut(command(new WorkerCommand.Checkpoint(RUN, 2, false, 1))))
                .as("the cut has been taken")
                .isEmpty();
        assertThat(carriedOut(command(new WorkerCommand.Start(RUN)))).isEmpty();
        assertThat(carriedOut(command(assign(RUN, 0, 2)))).hasSize(1);
    }

    private static WorkerReport taken(long epoch, int task) {
        TaskSnapshot snapshot = new TaskSnapshot(task(RUN, task), List.of(), List.of(), List.of());
        return new WorkerReport.SnapshotTaken(RUN, epoch, snapshot);
    }

    @Test
    void aWorkerThatNobodyLeadsLetsGoInTheEnd() {
        running();
        on(new WorkerEvent.LinkClosed(link, "the master was killed"));
        for (int minute = 0; minute < 9; minute++) {
            assertThat(carriedOut(tick(60_000))).isEmpty();
            on(new WorkerEvent.LinkClosed(link, "nobody listens there"));
        }
        assertThat(worker.phaseOf(RUN)).isEqualTo(RunPhase.RUNNING);
        assertThat(carriedOut(tick(61_000))).contains(release(RUN));
    }

    @Test
    void whatTheWelcomeDoesNotKeepIsLetGoWithoutAWord() {
        running();
        RunId other = run("other", 1);
        command(prepare(other));
        on(new WorkerEvent.LinkClosed(link, "gone"));
        assertThat(endTask(0)).as("nobody hears it").isEmpty();
        List<WorkerAction> back = new ArrayList<>(tick(1_000));
        assertThat(back)
                .contains(new WorkerAction.OpenLink(link, Commands.PROFILE.registration(List.of(RUN, other), false)));
        List<WorkerAction> welcome = hear(new MasterMessage.Welcome(1, List.of(other)));
        assertThat(carriedOut(welcome)).containsExactly(release(RUN));
        assertThat(hear(new MasterMessage.Welcome(1, List.of())))
                .as("said again")
                .isEmpty();
        assertThat(report(new WorkerReport.Released(RUN))).containsExactly(new WorkerAction.Forget(RUN));
        assertThat(worker.held()).containsExactly(other);
    }
}
