package io.solstice.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.StateUse;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.TaskTime;
import io.solstice.common.ticket.FlightTicket;
import io.solstice.common.ticket.RunSecret;
import io.solstice.common.wire.PartCodec;
import io.solstice.common.wire.SpecCodec;
import io.solstice.master.cluster.Specs;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.FindMissingArtifactsRequest;
import io.solstice.proto.v1.GetFlightTicketsRequest;
import io.solstice.proto.v1.GetFlightTicketsResponse;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobLogLine;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListJobsRequest;
import io.solstice.proto.v1.ReadJobLogRequest;
import io.solstice.proto.v1.SubmitJobRequest;
import io.solstice.proto.v1.SubmitJobResponse;
import io.solstice.proto.v1.WatchJobRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JobServiceRpcTest {
    @TempDir
    Path directory;

    static SubmitJobResponse submit(LiveMaster master, JobSpec spec) {
        return master.jobs()
                .submitJob(SubmitJobRequest.newBuilder()
                        .setSpec(SpecCodec.toProto(spec))
                        .build());
    }

    static Job get(LiveMaster master, String id) {
        return master.jobs().getJob(GetJobRequest.newBuilder().setJobId(id).build());
    }

    static void awaitState(LiveMaster master, String id, JobState state) {
        await().until(() -> get(master, id).getState() == state);
    }

    private static SolsticeError refusal(LiveMaster master, Runnable call) {
        return master.client().decode(catchThrowable(call::run)).error();
    }

    @Test
    void aKeyWithMostOfTheRowsOfAStageIsShown() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.flight("j"));
            awaitState(master, "j", JobState.RUNNING);
            worker.beat(
                    1,
                    new TaskMetrics(
                            Objects.requireNonNull(worker.run()),
                            new StageId("source"),
                            0,
                            100,
                            100,
                            0,
                            0,
                            0,
                            TaskTime.UNKNOWN,
                            List.of(new FrequentKey(new StageId("sink"), "eu", 90, 100)),
                            null));
            await().until(() -> get(master, "j").getStages(1).hasHotKey());
            Job job = get(master, "j");
            assertThat(job.getStages(0).hasHotKey()).isFalse();
            assertThat(job.getStages(1).getHotKey().getKey()).isEqualTo("eu");
            assertThat(job.getStages(1).getHotKey().getShare()).isEqualTo(0.9);
            worker.finish();
            awaitState(master, "j", JobState.FINISHED);
        }
    }

    @Test
    void whereStateByKeyLiesIsShownForEachStage() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.flight("j"));
            awaitState(master, "j", JobState.RUNNING);
            worker.beat(
                    1,
                    keeping(worker, 0, new StateUse("rocksdb", "", 1, 5)),
                    keeping(worker, 1, new StateUse("disk", "no jar", 1, 1)),
                    keeping(worker, 2, new StateUse("rocksdb", "", 1, 7)));
            await().until(() -> get(master, "j").getStages(0).getStateCount() == 2);
            assertThat(get(master, "j").getStages(0).getStateList())
                    .extracting(PartCodec::fromProto)
                    .containsExactly(new StateUse("rocksdb", "", 2, 12), new StateUse("disk", "no jar", 1, 1));
            assertThat(get(master, "j").getStages(1).getStateList()).isEmpty();
            worker.finish();
            awaitState(master, "j", JobState.FINISHED);
        }
    }

    private static TaskMetrics keeping(ScriptedWorker worker, int index, StateUse use) {
        return new TaskMetrics(
                Objects.requireNonNull(worker.run()),
                new StageId("source"),
                index,
                0,
                0,
                0,
                0,
                0,
                TaskTime.UNKNOWN,
                List.of(),
                use);
    }

    @Test
    void aJobRunsFromSubmissionToItsEndWhileItIsWatched() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            SubmitJobResponse first = submit(master, Specs.large("j", 10));
            SubmitJobResponse again = submit(master, Specs.large("j", 10));
            assertThat(first.getSeenBefore()).isFalse();
            assertThat(again.getSeenBefore()).isTrue();
            assertThat(again.getGeneration()).isEqualTo(first.getGeneration());

            Iterator<Job> watch = master.jobs()
                    .watchJob(WatchJobRequest.newBuilder().setJobId("j").build());
            List<JobState> states = new ArrayList<>();
            Job last = watch.next();
            awaitState(master, "j", JobState.RUNNING);
            worker.beat(
                    1,
                    new TaskMetrics(
                            Objects.requireNonNull(worker.run()),
                            new StageId("source"),
                            0,
                            7,
                            6,
                            1,
                            3,
                            50,
                            TaskTime.UNKNOWN,
                            List.of(),
                            null));
            await().until(() -> get(master, "j").getStages(0).getInputRecords() == 7);
            worker.finish();
            while (watch.hasNext()) {
                last = watch.next();
                states.add(last.getState());
            }
            assertThat(last.getState()).isEqualTo(JobState.FINISHED);
            assertThat(states).isSorted();
            assertThat(last.getEndedMillis()).isGreaterThanOrEqualTo(last.getSubmittedMillis());
            assertThat(last.getSubmitter()).isEqualTo("anonymous");
            assertThat(last.getStages(0).getSkippedRecords()).isEqualTo(1);
            assertThat(last.getStages(0).getLateRecords()).isEqualTo(3);
            assertThat(last.getStages(0).getSplits()).isEqualTo(1);
            assertThat(last.getStages(0).getBackpressureActive()).isTrue();
        }
    }

    @Test
    void watchingWithAnIntervalBringsMetricsWithoutChangesOfState() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.large("j", 10));
            awaitState(master, "j", JobState.RUNNING);
            Iterator<Job> watch = master.jobs()
                    .watchJob(WatchJobRequest.newBuilder()
                            .setJobId("j")
                            .setIntervalMillis(100)
                            .build());
            for (int i = 0; i < 3; i++) {
                assertThat(watch.next().getState()).isEqualTo(JobState.RUNNING);
            }
            worker.finish();
            Job last = watch.next();
            while (watch.hasNext()) {
                last = watch.next();
            }
            assertThat(last.getState()).isEqualTo(JobState.FINISHED);
            SolsticeError tooOften = refusal(
                    master,
                    () -> master.jobs()
                            .watchJob(WatchJobRequest.newBuilder()
                                    .setJobId("j")
                                    .setIntervalMillis(99)
                                    .build())
                            .next());
            assertThat(tooOften.code()).isEqualTo(ErrorCode.OPTION_INVALID);
        }
    }

    @Test
    void aSlowWatcherGetsTheLastStateAndHoldsNobodyUp() throws Exception {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.large("j", 10));
            awaitState(master, "j", JobState.RUNNING);
            List<Job> seen = new CopyOnWriteArrayList<>();
            CountDownLatch mayRead = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            JobServiceGrpc.newStub(master.client().channel())
                    .watchJob(WatchJobRequest.newBuilder().setJobId("j").build(), new StreamObserver<>() {
                        @Override
                        public void onNext(Job job) {
                            seen.add(job);
                            try {
                                mayRead.await();
                            } catch (InterruptedException hurried) {
                                Thread.currentThread().interrupt();
                            }
                        }

                        @Override
                        public void onError(Throwable failure) {
                            end.countDown();
                        }

                        @Override
                        public void onCompleted() {
                            end.countDown();
                        }
                    });
            await().until(() -> !seen.isEmpty());
            worker.finish();
            awaitState(master, "j", JobState.FINISHED);
            mayRead.countDown();
            end.await();
            assertThat(seen.get(seen.size() - 1).getState()).isEqualTo(JobState.FINISHED);
        }
    }

    @Test
    void jobsAreFoundByTheBeginningOfTheirIds() {
        try (LiveMaster master = new LiveMaster(directory)) {
            submit(master, Specs.large("daily-1", 10));
            submit(master, Specs.large("daily-2", 10));
            submit(master, Specs.large("hourly", 10));
            assertThat(get(master, "h").getJobId()).isEqualTo("hourly");
            SolsticeError ambiguous = refusal(master, () -> get(master, "dai"));
            assertThat(ambiguous.code()).isEqualTo(ErrorCode.NAME_AMBIGUOUS);
            assertThat(ambiguous.cause()).isEqualTo("they are daily-1, daily-2");
            SolsticeError unknown = refusal(master, () -> get(master, "hourli"));
            assertThat(unknown.code()).isEqualTo(ErrorCode.JOB_UNKNOWN);
            assertThat(unknown.help()).isEqualTo("did you mean 'hourly'?");
            assertThat(refusal(master, () -> get(master, "")).code()).isEqualTo(ErrorCode.JOB_UNKNOWN);
        }
    }

    @Test
    void jobsAreListedNewestFirstAndByState() {
        try (LiveMaster master = new LiveMaster(directory)) {
            submit(master, Specs.large("a", 10));
            submit(master, Specs.large("b", 10));
            master.jobs().cancelJob(CancelJobRequest.newBuilder().setJobId("a").build());
            var all = master.jobs().listJobs(ListJobsRequest.getDefaultInstance());
            assertThat(all.getJobsList().stream().map(Job::getJobId)).containsExactly("b", "a");
            var ended = master.jobs()
                    .listJobs(ListJobsRequest.newBuilder()
                            .addStates(JobState.CANCELLED)
                            .build());
            assertThat(ended.getJobsList().stream().map(Job::getJobId)).containsExactly("a");
            assertThat(refusal(
                                    master,
                                    () -> master.jobs()
                                            .listJobs(ListJobsRequest.newBuilder()
                                                    .addStatesValue(99)
                                                    .build()))
                            .code())
                    .isEqualTo(ErrorCode.MESSAGE_INVALID);
        }
    }

    @Test
    void cancellingTwiceIsFineAndCancellingAFinishedJobIsNot() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.large("a", 10));
            awaitState(master, "a", JobState.RUNNING);
            CancelJobRequest cancel =
                    CancelJobRequest.newBuilder().setJobId("a").build();
            assertThat(master.jobs().cancelJob(cancel).getState()).isIn(JobState.CANCELLING, JobState.CANCELLED);
            awaitState(master, "a", JobState.CANCELLED);
            assertThat(master.jobs().cancelJob(cancel).getState()).isEqualTo(JobState.CANCELLED);

            submit(master, Specs.large("b", 10));
            awaitState(master, "b", JobState.RUNNING);
            worker.finish();
            awaitState(master, "b", JobState.FINISHED);
            SolsticeError late = refusal(
                    master,
                    () -> master.jobs()
                            .cancelJob(
                                    CancelJobRequest.newBuilder().setJobId("b").build()));
            assertThat(late.code()).isEqualTo(ErrorCode.JOB_STATE);
            assertThat(late.cause()).isEqualTo("it is FINISHED");
        }
    }

    @Test
    void theLogIsReadAndFollowedToTheEnd() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.large("j", 10));
            awaitState(master, "j", JobState.RUNNING);
            List<String> soFar = texts(master.jobs()
                    .readJobLog(ReadJobLogRequest.newBuilder().setJobId("j").build()));
            assertThat(soFar).contains("PREPARING", "RUNNING").doesNotContain("FINISHED");
            Iterator<JobLogLine> follow = master.jobs()
                    .readJobLog(ReadJobLogRequest.newBuilder()
                            .setJobId("j")
                            .setFollow(true)
                            .build());
            assertThat(follow.next().getText()).isEqualTo(soFar.get(0));
            worker.finish();
            assertThat(texts(follow)).endsWith("FINISHED").doesNotHaveDuplicates();
        }
    }

    private static List<String> texts(Iterator<JobLogLine> lines) {
        List<String> texts = new ArrayList<>();
        lines.forEachRemaining(line -> texts.add(line.getText()));
        return texts;
    }

    @Test
    void whatCannotRunIsRefusedBeforeItIsAJob() {
        try (LiveMaster master = new LiveMaster(directory)) {
            JobSpec good = Specs.large("j", 10);
            String digest = "ab".repeat(32);
            JobSpec missing = new JobSpec(
                    good.graph(),
                    new Program(List.of(new Program.Artifact(digest, "a.jar", 3)), "W", Map.of(), Map.of()),
                    "r1",
                    "");
            assertThat(refusal(master, () -> submit(master, missing)).code()).isEqualTo(ErrorCode.ARTIFACT_UNKNOWN);
            JobSpec unnamed = new JobSpec(good.graph(), good.program(), "", "");
            assertThat(refusal(master, () -> submit(master, unnamed)).code()).isEqualTo(ErrorCode.MESSAGE_INVALID);
            JobSpec local = Specs.job("k", 1, Resources.NONE, "u");
            assertThat(refusal(master, () -> submit(master, local)).cause()).contains("workflow_class");
            SolsticeError empty = refusal(master, () -> master.jobs().submitJob(SubmitJobRequest.getDefaultInstance()));
            assertThat(empty.code()).isEqualTo(ErrorCode.MESSAGE_INVALID);
            assertThat(refusal(
                                    master,
                                    () -> master.jobs()
                                            .findMissingArtifacts(FindMissingArtifactsRequest.newBuilder()
                                                    .addSha256("../x")
                                                    .build()))
                            .code())
                    .isEqualTo(ErrorCode.MESSAGE_INVALID);
            assertThat(master.master().jobs().join()).isEmpty();
        }
    }

    @Test
    void ticketsForEachTaskOfAFlightStageAreSignedWithTheSecretOfTheRun() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            submit(master, Specs.flight("j"));
            awaitState(master, "j", JobState.RUNNING);
            GetFlightTicketsRequest sink = GetFlightTicketsRequest.newBuilder()
                    .setJobId("j")
                    .setStageId("sink")
                    .build();
            GetFlightTicketsResponse tickets = master.jobs().getFlightTickets(sink);
            assertThat(tickets.getTicketsCount()).isEqualTo(2);
            assertThat(tickets.getTickets(0).getEndpoint().getPort()).isEqualTo(9_000);
            RunSecret secret = new RunSecret(worker.secret());
            for (int i = 0; i < 2; i++) {
                FlightTicket ticket = FlightTicket.verify(
                        tickets.getTickets(i).getTicket().toByteArray(), run -> secret, Clock.SYSTEM.wallMillis());
                assertThat(ticket.run()).isEqualTo(worker.run());
                assertThat(ticket.task()).isEqualTo(i);
                assertThat(ticket.right()).isEqualTo(FlightTicket.Right.READ);
            }
            GetFlightTicketsRequest source =
                    sink.toBuilder().setStageId("source").build();
            assertThat(refusal(master, () -> master.jobs().getFlightTickets(source))
                            .code())
                    .isEqualTo(ErrorCode.STAGE_ROLE);
            GetFlightTicketsRequest unknown =
                    sink.toBuilder().setStageId("sinc").build();
            assertThat(refusal(master, () -> master.jobs().getFlightTickets(unknown))
                            .help())
                    .contains("did you mean 'sink'?");
        }
        try (LiveMaster without = new LiveMaster(directory)) {
            submit(without, Specs.flight("j"));
            assertThat(refusal(
                                    without,
                                    () -> without.jobs()
                                            .getFlightTickets(GetFlightTicketsRequest.newBuilder()
                                                    .setJobId("j")
                                                    .setStageId("sink")
                                                    .build()))
                            .code())
                    .isEqualTo(ErrorCode.JOB_STATE);
        }
    }

    @Test
    void watchersThatGoAwayLeaveNothingBehind() {
        try (LiveMaster master = new LiveMaster(directory)) {
            submit(master, Specs.large("j", 10));
            for (int i = 0; i < 50; i++) {
                try (Context.CancellableContext context = Context.current().withCancellation()) {
                    context.run(() -> master.jobs()
                            .watchJob(WatchJobRequest.newBuilder()
                                    .setJobId("j")
                                    .setIntervalMillis(100)
                                    .build())
                            .next());
                }
            }
            await().until(() -> master.ticking() == 0);
        }
    }
}
