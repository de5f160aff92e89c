package io.solstice.api.sink;

/**
 * Which commit of a job a sink is asked for. The checkpoint is for ever by then: what belongs to it must become visible
 * once, however often and by whomever the commit is asked for.
 *
 * @param jobId of the job
 * @param stageId of the sink
 * @param submission names one submission of the job, in all of its runs
 * @param runId names the run that asks; what an earlier run sealed may be committed by a later one
 * @param checkpointId unique among all checkpoints, the same whenever the commit is repeated
 * @param epoch the checkpoint's number within the job, rising
 * @param isContinued whether the submission goes on with what an earlier one committed
 * @param isLast nothing more will be written
 * @param isRecovery an earlier run may have done it already, and whatever else earlier runs staged will never be
 *     committed
 */
public record SinkCommit(
        String jobId,
        String stageId,
        String submission,
        String runId,
        String checkpointId,
        long epoch,
        boolean isContinued,
        boolean isLast,
        boolean isRecovery) {}
