package io.solstice.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.master.cluster.Specs;
import io.solstice.proto.v1.CheckpointDescription;
import io.solstice.proto.v1.CheckpointSummary;
import io.solstice.proto.v1.DeleteCheckpointsRequest;
import io.solstice.proto.v1.GetCheckpointRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListCheckpointsRequest;
import io.solstice.proto.v1.StopJobRequest;
import io.solstice.proto.v1.StopJobResponse;
import io.solstice.proto.v1.TakeCheckpointRequest;
import io.solstice.proto.v1.TakeCheckpointResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckpointServiceRpcTest {
    @TempDir
    Path directory;

    private JobSpec spec(String request, String restoreFrom) {
        Map<String, String> backend =
                Map.of("type", "local", "base_path", directory.resolve("state").toString());
        Program program = new Program(List.of(), "W", Map.of(), backend);
        return new JobSpec(Specs.large("counting", 10).graph(), program, request, "", restoreFrom, Map.of());
    }

    private void running(LiveMaster master) {
        JobServiceRpcTest.submit(master, spec("first", ""));
        JobServiceRpcTest.awaitState(master, "counting", JobState.RUNNING);
    }

    private static TakeCheckpointResponse take(LiveMaster master) {
        return master.checkpoints()
                .takeCheckpoint(
                        TakeCheckpointRequest.newBuilder().setJobId("count").build());
    }

    private static StopJobResponse stop(LiveMaster master) {
        return master.checkpoints()
                .stopJob(StopJobRequest.newBuilder().setJobId("count").build());
    }

    private static List<CheckpointSummary> list(LiveMaster master) {
        return master.checkpoints()
                .listCheckpoints(
                        ListCheckpointsRequest.newBuilder().setJobId("count").build())
                .getCheckpointsList();
    }

    private static CheckpointDescription show(LiveMaster master, String id) {
        return master.checkpoints()
                .getCheckpoint(GetCheckpointRequest.newBuilder()
                        .setJobId("count")
                        .setCheckpointId(id)
                        .build());
    }

    private static List<String> delete(LiveMaster master, String... ids) {
        return master.checkpoints()
                .deleteCheckpoints(DeleteCheckpointsRequest.newBuilder()
                        .setJobId("count")
                        .addAllCheckpointIds(List.of(ids))
                        .build())
                .getCheckpointIdsList();
    }

    private static SolsticeError refusal(LiveMaster master, Runnable call) {
        return master.client().decode(catchThrowable(call::run)).error();
    }

    @Test
    void checkpointsAreTakenListedShownAndDeleted() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            running(master);
            assertThat(list(master)).isEmpty();
            String first = take(master).getCheckpointId();
            TakeCheckpointResponse second = take(master);
            assertThat(second.getJob().getCheckpoints().getCompleted()).isEqualTo(2);
            assertThat(second.getJob().getCheckpoints().getNewest().getCheckpointId())
                    .isEqualTo(second.getCheckpointId());
            assertThat(list(master))
                    .extracting(CheckpointSummary::getCheckpointId)
                    .containsExactly(second.getCheckpointId(), first);
            assertThat(list(master)).allMatch(CheckpointSummary::getPublished);

            CheckpointDescription shown = show(master, first);
            assertThat(shown.getJobId()).isEqualTo("counting");
            assertThat(shown.getSummary().getEpoch()).isEqualTo(1);
            assertThat(shown.getStages(0).getSplits()).isEqualTo(1);
            assertThat(shown.getStages(0).getPendingSplits()).isEqualTo(1);
            assertThat(show(master, "latest").getSummary())
                    .isEqualTo(list(master).get(0));

            SolsticeError needed = refusal(master, () -> delete(master, second.getCheckpointId()));
            assertThat(needed.code()).isEqualTo(ErrorCode.JOB_STATE);
            assertThat(needed.cause()).contains("RUNNING");
            assertThat(delete(master, first)).containsExactly(first);
            assertThat(list(master)).hasSize(1);
            assertThat(worker.received()).isNotEmpty();
        }
    }

    @Test
    void aJobThatIsStoppedWithItsLastCheckpointIsFinishedAndGoesOnFromThere() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            running(master);
            String savepoint = stop(master).getCheckpointId();
            JobServiceRpcTest.awaitState(master, "counting", JobState.FINISHED);
            assertThat(JobServiceRpcTest.get(master, "counting").getRunningTasks())
                    .isZero();
            assertThat(show(master, "latest").getSummary().getLast()).isTrue();

            JobServiceRpcTest.submit(master, spec("second", savepoint));
            JobServiceRpcTest.awaitState(master, "counting", JobState.RUNNING);
            Job restored = JobServiceRpcTest.get(master, "counting");
            assertThat(restored.getCheckpoints().getNewest().getCheckpointId()).isEqualTo(savepoint);
            assertThat(refusal(master, () -> delete(master, savepoint)).code()).isEqualTo(ErrorCode.JOB_STATE);
            assertThat(worker.received()).isNotEmpty();
        }
    }

    @Test
    void stoppingWaitsForACheckpointInProgressAndTakingDoesNot() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            running(master);
            worker.ignoreCheckpoints();
            CompletableFuture<Throwable> taking =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> take(master)));
            await().until(() ->
                    JobServiceRpcTest.get(master, "counting").getCheckpoints().getInProgress() == 1);
            SolsticeError busy = refusal(master, () -> take(master));
            assertThat(busy.code()).isEqualTo(ErrorCode.JOB_STATE);
            assertThat(busy.cause()).contains("one is in progress");
            CompletableFuture<Throwable> stopping =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> stop(master)));
            master.master()
                    .jobs()
                    .thenAccept(jobs ->
                            master.master().cancel(jobs.get(0).snapshot().run()))
                    .join();
            assertThat(master.client().decode(taking.join()).code()).isEqualTo(ErrorCode.JOB_STATE);
            assertThat(master.client().decode(stopping.join()).code()).isEqualTo(ErrorCode.JOB_STATE);
        }
    }

    @Test
    void whatIsNotThereOrNotClearIsRefused() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            assertThat(refusal(master, () -> list(master)).code()).isEqualTo(ErrorCode.JOB_UNKNOWN);
            running(master);
            String taken = take(master).getCheckpointId();
            SolsticeError unknown = refusal(master, () -> show(master, "checkpoint_1_00000000"));
            assertThat(unknown.code()).isEqualTo(ErrorCode.CHECKPOINT_UNKNOWN);
            assertThat(unknown.help()).contains(taken);
            assertThat(refusal(master, () -> delete(master)).code()).isEqualTo(ErrorCode.OPTION_INVALID);
            worker.finish();
            JobServiceRpcTest.awaitState(master, "counting", JobState.FINISHED);
            assertThat(refusal(master, () -> take(master)).cause()).contains("it is FINISHED");
            JobServiceRpcTest.submit(master, spec("third", "checkpoint_1_00000000"));
            JobServiceRpcTest.awaitState(master, "counting", JobState.FAILED);
            assertThat(JobServiceRpcTest.get(master, "counting").getError().getCode())
                    .isEqualTo(ErrorCode.CHECKPOINT_UNKNOWN.code());
        }
    }
}
