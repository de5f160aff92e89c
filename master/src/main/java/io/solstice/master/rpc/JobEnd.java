package io.solstice.master.rpc;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobState;
import io.solstice.master.cluster.JobView;
import io.solstice.proto.v1.CancelJobRequest;
import java.util.concurrent.CompletableFuture;

/** Cancelling a job that somebody named. */
final class JobEnd {
    private final Door door;

    JobEnd(Door door) {
        this.door = door;
    }

    /** The job as it is after it was asked to end. */
    CompletableFuture<JobView> cancel(CancelJobRequest request) {
        return door.findJob(request.getJobId()).thenCompose(job -> {
            RunId run = job.snapshot().run();
            if (request.getGeneration() != 0 && request.getGeneration() != run.generation()) {
                throw ErrorCode.JOB_STATE
                        .error("run " + request.getGeneration() + " of job '" + run.job() + "' has ended")
                        .cause("its newest run is " + run.generation())
                        .toException();
            }
            JobState state = job.snapshot().state();
            if (state.mayBecome(JobState.CANCELLING)) {
                door.master().cancel(job.snapshot().run());
            } else if (state != JobState.CANCELLING && state != JobState.CANCELLED) {
                throw ErrorCode.JOB_STATE
                        .error("job '" + job.snapshot().run().job() + "' cannot be cancelled")
                        .cause("it is " + state
                                + (state.isTerminal() ? "" : ", and what has begun so must come to its end"))
                        .toException();
            }
            return door.master().job(job.snapshot().run());
        });
    }
}
