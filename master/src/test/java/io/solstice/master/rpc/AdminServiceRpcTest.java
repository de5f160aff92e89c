package io.solstice.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.master.cluster.Specs;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.Cluster;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.DescribeWorkerRequest;
import io.solstice.proto.v1.DrainWorkerRequest;
import io.solstice.proto.v1.GetClusterRequest;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.SetLogLevelRequest;
import io.solstice.proto.v1.TaskStatus;
import io.solstice.proto.v1.Worker;
import io.solstice.proto.v1.WorkerDescription;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminServiceRpcTest {
    @TempDir
    Path directory;

    private static Worker.State state(LiveMaster master) {
        return master.admin()
                .listWorkers(ListWorkersRequest.getDefaultInstance())
                .getWorkers(0)
                .getState();
    }

    @Test
    void theClusterItsJobsItsTasksAndItsWorkersAreDescribed() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            JobServiceRpcTest.submit(master, Specs.large("j", 10));
            JobServiceRpcTest.awaitState(master, "j", JobState.RUNNING);

            Cluster cluster = master.admin().getCluster(GetClusterRequest.getDefaultInstance());
            assertThat(cluster.getClusterId()).isEqualTo("test");
            assertThat(cluster.getWorkers()).isEqualTo(1);
            assertThat(cluster.getRunningJobs()).isEqualTo(1);
            assertThat(cluster.getTerm()).isEqualTo(1);
            assertThat(cluster.getOffered().getNumCpus()).isEqualTo(4);

            JobDescription job = master.admin()
                    .describeJob(DescribeJobRequest.newBuilder().setJobId("j").build());
            assertThat(job.getGraph().getStagesCount()).isEqualTo(2);
            assertThat(job.getTasksList()).isNotEmpty().allSatisfy(task -> {
                assertThat(task.getWorkerId()).isEqualTo("w1");
                assertThat(task.getState()).isEqualTo("RUNNING");
            });
            WorkerDescription description = master.admin()
                    .describeWorker(
                            DescribeWorkerRequest.newBuilder().setWorkerId("w").build());
            assertThat(description.getTasksList()).isEqualTo(job.getTasksList());
            assertThat(description.getWorker().getTasks()).isEqualTo(job.getTasksCount());

            worker.finish();
            JobServiceRpcTest.awaitState(master, "j", JobState.FINISHED);
            assertThat(master.admin()
                            .describeJob(DescribeJobRequest.newBuilder()
                                    .setJobId("j")
                                    .build())
                            .getTasksList())
                    .extracting(TaskStatus::getState)
                    .containsOnly("ENDED");
        }
    }

    @Test
    void aDrainedWorkerEndsWhatItHasAndGetsNothingNew() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            JobServiceRpcTest.submit(master, Specs.large("j", 10));
            JobServiceRpcTest.awaitState(master, "j", JobState.RUNNING);
            Worker draining = master.admin()
                    .drainWorker(
                            DrainWorkerRequest.newBuilder().setWorkerId("w1").build());
            assertThat(draining.getState()).isEqualTo(Worker.State.DRAINING);
            worker.finish();
            await().until(() -> state(master) == Worker.State.DRAINED);
            JobServiceRpcTest.submit(master, Specs.large("k", 10));
            assertThat(JobServiceRpcTest.get(master, "k").getWaitingFor()).isNotEmpty();
            assertThat(master.admin()
                            .cancelJob(
                                    CancelJobRequest.newBuilder().setJobId("k").build())
                            .getState())
                    .isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void unknownWorkersAreNamed() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "worker-a")) {
            assertThat(worker.received()).hasSize(1);
            SolsticeError unknown = master.client()
                    .decode(catchThrowable(() -> master.admin()
                            .drainWorker(DrainWorkerRequest.newBuilder()
                                    .setWorkerId("worker-b")
                                    .build())))
                    .error();
            assertThat(unknown.code()).isEqualTo(ErrorCode.WORKER_UNKNOWN);
            assertThat(unknown.help()).contains("worker-a");
        }
    }

    @Test
    void wrongLevelsAndForeignLoggersAreRefused() {
        try (LiveMaster master = new LiveMaster(directory)) {
            assertThat(refusal(master, "io.solstice", "LOUD").help()).contains("INFO");
            assertThat(refusal(master, "io.netty", "INFO").where()).isEqualTo("logger");
        }
    }

    private static SolsticeError refusal(LiveMaster master, String logger, String level) {
        SolsticeError error = master.client()
                .decode(catchThrowable(() -> master.admin()
                        .setLogLevel(SetLogLevelRequest.newBuilder()
                                .setLogger(logger)
                                .setLevel(level)
                                .build())))
                .error();
        assertThat(error.code()).isEqualTo(ErrorCode.OPTION_INVALID);
        return error;
    }
}
