package io.solstice.api.cluster;

import io.solstice.api.CheckpointStatus;
import io.solstice.api.HotKey;
import io.solstice.api.JobMetrics;
import io.solstice.api.JobStatus;
import io.solstice.api.StageMetrics;
import io.solstice.api.StageState;
import io.solstice.api.time.EventTime;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.JobState;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.common.wire.PartCodec;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import java.util.List;

/** What the master says of a job, in the words of the API. */
final class JobNews {
    private JobNews() {}

    static JobStatus status(Job job) {
        return new JobStatus(
                job.getJobId(),
                state(job),
                true,
                uptimeSecs(job),
                job.getStagesCount(),
                job.getRunningTasks(),
                job.getWaitingFor(),
                checkpoints(job.getCheckpoints()),
                job.getRestarts(),
                job.hasError() ? ErrorCodec.fromProto(job.getError()) : null);
    }

    private static CheckpointStatus checkpoints(io.solstice.proto.v1.CheckpointStatus news) {
        return new CheckpointStatus(
                news.hasNewest() ? news.getNewest().getCheckpointId() : null,
                news.getNewest().getTimeMillis(),
                news.getNewest().getDurationMillis(),
                news.getCompleted(),
                news.getFailed(),
                news.getRecordsSince());
    }

    static JobMetrics metrics(Job job) {
        return new JobMetrics(
                job.getJobId(),
                state(job),
                uptimeSecs(job),
                job.getStagesList().stream().map(JobNews::stage).toList(),
                job.getMemoryBytes());
    }

    private static StageMetrics stage(StageStatus stage) {
        return new StageMetrics(
                stage.getStageId(),
                stage.getWorkerCount(),
                stage.getInputRecords(),
                stage.getOutputRecords(),
                stage.getSkippedRecords(),
                stage.getLateRecords(),
                stage.getSplits(),
                stage.getSplits() - stage.getPendingSplits(),
                stage.getOutputBufferSize(),
                stage.getBackpressureActive(),
                eventTimes(stage),
                stage.hasHotKey()
                        ? new HotKey(
                                stage.getHotKey().getKey(), stage.getHotKey().getShare())
                        : null,
                stage.getStateList().stream()
                        .map(told -> StageState.of(PartCodec.fromProto(told)))
                        .toList());
    }

    private static List<EventTime> eventTimes(StageStatus stage) {
        return EventTime.kept(stage.getEventTimesList().stream()
                .map(told -> EventTime.of(told.getTask(), PartCodec.fromProto(told.getTime())))
                .toList());
    }

    /** A state that only a newer master knows is one between the others. */
    private static JobState state(Job job) {
        return switch (job.getState()) {
            case CREATED -> JobState.CREATED;
            case PREPARING -> JobState.PREPARING;
            case SCHEDULING -> JobState.SCHEDULING;
            case DEPLOYING -> JobState.DEPLOYING;
            case COMMITTING -> JobState.COMMITTING;
            case RESTARTING -> JobState.RESTARTING;
            case FAILING -> JobState.FAILING;
            case CANCELLING -> JobState.CANCELLING;
            case FINISHED -> JobState.FINISHED;
            case FAILED -> JobState.FAILED;
            case CANCELLED -> JobState.CANCELLED;
            case RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> JobState.RUNNING;
        };
    }

    private static double uptimeSecs(Job job) {
        long until = job.getEndedMillis() == 0 ? Clock.SYSTEM.wallMillis() : job.getEndedMillis();
        return Math.max(0, until - job.getSubmittedMillis()) / 1e3;
    }
}
