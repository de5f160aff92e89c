package io.solstice.common.protocol;

import io.solstice.common.id.CheckpointId;
import org.jspecify.annotations.Nullable;

/**
 * What became of a job's checkpoints since it was submitted.
 *
 * @param completed those whose output has been published
 * @param failed those that were given up; the job went on
 * @param inProgress the epoch of the one that is being taken, stored or published; 0 if there is none
 * @param newest the newest completed one, or the one that the job began with
 * @param recordsSince what the sources have read since the last one was begun, or since the run began
 */
public record CheckpointFacts(
        int completed,
        int failed,
        long inProgress,
        @Nullable Completed newest,
        long recordsSince) {
    public static final CheckpointFacts NONE = new CheckpointFacts(0, 0, 0, null, 0);

    /**
     * @param millis when it was begun, since 1970-01-01 UTC
     * @param durationMillis from its beginning until its output was published
     * @param bytes of all objects that it names, those of earlier ones included
     */
    public record Completed(CheckpointId id, long epoch, long millis, long durationMillis, long bytes) {}
}
