package io.solstice.api.cluster;

import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.JobStatus;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.CheckpointServiceGrpc;
import io.solstice.proto.v1.DeleteCheckpointsRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListCheckpointsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The handle of one run of a job on a cluster. */
final class ClusterJob implements JobHandle {
    private final MasterConnection master;
    private final JobWatch watch;

    ClusterJob(MasterConnection master, JobWatch watch) {
        this.master = master;
        this.watch = watch;
    }

    /** Waits until the job runs or waits for room; what keeps it from ever running is thrown. */
    void awaitStart() {
        try {
            watch.started().await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        Job now = watch.latest();
        if (now.getState() == JobState.FAILED && !watch.ran()) {
            throw ErrorCodec.fromProto(now.getError()).toException();
        }
    }

    @Override
    public String jobId() {
        return watch.latest().getJobId();
    }

    @Override
    public JobStatus getStatus() {
        return JobNews.status(watch.latest());
    }

    @Override
    public JobMetrics getMetrics() {
        return JobNews.metrics(watch.latest());
    }

    @Override
    public JobStatus await() throws InterruptedException {
        try {
            return outcome(watch.end().get());
        } catch (ExecutionException lost) {
            throw lost(lost);
        }
    }

    @Override
    public JobStatus await(Duration timeout) throws InterruptedException {
        try {
            return outcome(watch.end().get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException lost) {
            throw lost(lost);
        } catch (TimeoutException late) {
            throw ErrorCode.TIMED_OUT
                    .error("job '" + jobId() + "' had not ended after " + timeout)
                    .help("it goes on; wait again, or cancel it")
                    .toException(late);
        }
    }

    private static JobStatus outcome(Job ended) {
        if (ended.hasError()) {
            throw ErrorCodec.fromProto(ended.getError()).toException();
        }
        return JobNews.status(ended);
    }

    private static SolsticeException lost(ExecutionException why) {
        return why.getCause() instanceof SolsticeException coded
                ? coded.error().toException(coded)
                : SolsticeException.of(why);
    }

    @Override
    public void cancel() {
        Job now = watch.latest();
        if (JobWatch.isTerminal(now.getState())) {
            return;
        }
        CancelJobRequest request = CancelJobRequest.newBuilder()
                .setJobId(now.getJobId())
                .setGeneration(now.getGeneration())
                .build();
        try {
            master.call(JobServiceGrpc::newBlockingStub, jobs -> jobs.cancelJob(request));
        } catch (SolsticeException refused) {
            // a job that has ended meanwhile needs no cancelling
            if (refused.code() != ErrorCode.JOB_STATE) {
                throw refused;
            }
        }
    }

    @Override
    public String triggerCheckpoint() {
        return ClusterCheckpoints.take(master, jobId()).getCheckpointId();
    }

    @Override
    public String stopWithSavepoint() {
        return ClusterCheckpoints.stop(master, jobId()).getCheckpointId();
    }

    @Override
    public List<String> listCheckpoints() {
        ListCheckpointsRequest request =
                ListCheckpointsRequest.newBuilder().setJobId(jobId()).build();
        List<String> ids = new ArrayList<>();
        master.call(CheckpointServiceGrpc::newBlockingStub, service -> service.listCheckpoints(request))
                .getCheckpointsList()
                .forEach(checkpoint -> ids.add(0, checkpoint.getCheckpointId()));
        return ids;
    }

    @Override
    public List<String> cleanupCheckpoints(int keepLast) {
        DeleteCheckpointsRequest request = DeleteCheckpointsRequest.newBuilder()
                .setJobId(jobId())
                .setKeepLast(keepLast)
                .build();
        return List.copyOf(
                master.call(CheckpointServiceGrpc::newBlockingStub, service -> service.deleteCheckpoints(request))
                        .getCheckpointIdsList());
    }
}
