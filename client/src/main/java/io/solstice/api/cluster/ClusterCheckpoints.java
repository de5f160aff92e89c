package io.solstice.api.cluster;

import io.solstice.proto.v1.CheckpointServiceGrpc;
import io.solstice.proto.v1.StopJobRequest;
import io.solstice.proto.v1.StopJobResponse;
import io.solstice.proto.v1.TakeCheckpointRequest;
import io.solstice.proto.v1.TakeCheckpointResponse;
import java.time.Duration;

/** Checkpoints that are asked for by hand; the call is answered when their output has been published. */
public final class ClusterCheckpoints {
    /** A checkpoint is given up after a minute, and one may be in progress. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private ClusterCheckpoints() {}

    public static TakeCheckpointResponse take(MasterConnection master, String job) {
        TakeCheckpointRequest request =
                TakeCheckpointRequest.newBuilder().setJobId(job).build();
        return master.call(LONGEST, CheckpointServiceGrpc::newBlockingStub, service -> service.takeCheckpoint(request));
    }

    /** The last one, with which the job ends. */
    public static StopJobResponse stop(MasterConnection master, String job) {
        StopJobRequest request = StopJobRequest.newBuilder().setJobId(job).build();
        return master.call(LONGEST, CheckpointServiceGrpc::newBlockingStub, service -> service.stopJob(request));
    }
}
