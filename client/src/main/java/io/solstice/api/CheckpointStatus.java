package io.solstice.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a job's checkpoints since it was submitted.
 *
 * @param latestCheckpoint id of the newest completed one, or of the one that the job began with; null if there is none
 * @param latestCheckpointMillis when it was begun, since 1970-01-01 UTC; 0 if there is none
 * @param latestDurationMillis until its output was published
 * @param totalCheckpoints those that were completed
 * @param failedCheckpoints those that were given up; the job went on
 * @param recordsSinceCheckpoint what the sources have read since the last one was begun, or since the run began; it
 *     lags behind by as much as metrics do
 */
public record CheckpointStatus(
        @Nullable String latestCheckpoint,
        long latestCheckpointMillis,
        long latestDurationMillis,
        int totalCheckpoints,
        int failedCheckpoints,
        long recordsSinceCheckpoint) {
    public static final CheckpointStatus NONE = new CheckpointStatus(null, 0, 0, 0, 0, 0);

    /** The documented field names; the time is in seconds since 1970. Without a checkpoint nothing is said of one. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (latestCheckpoint != null) {
            map.put("latest_checkpoint", latestCheckpoint);
            map.put("latest_checkpoint_time", latestCheckpointMillis / 1e3);
        }
        map.put("total_checkpoints", totalCheckpoints);
        map.put("failed_checkpoints", failedCheckpoints);
        map.put("records_since_checkpoint", recordsSinceCheckpoint);
        return map;
    }
}
