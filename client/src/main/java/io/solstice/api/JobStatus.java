package io.solstice.api;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.JobState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job at one moment.
 *
 * @param uptimeSecs seconds since it was submitted, until its end
 * @param error why it failed, else null
 */
public record JobStatus(
        String jobId,
        JobState state,
        double uptimeSecs,
        int stageCount,
        int runningTasks,
        @Nullable SolsticeError error) {

    static JobStatus notStarted(String jobId, int stageCount) {
        return new JobStatus(jobId, JobState.CREATED, 0, stageCount, 0, null);
    }

    public boolean isRunning() {
        return state != JobState.CREATED && !state.isTerminal();
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("job_id", jobId);
        map.put("is_running", isRunning());
        if (state == JobState.CREATED) {
            map.put("initialized", false);
            return map;
        }
        map.put("state", state.name());
        map.put("uptime_secs", uptimeSecs);
        map.put("stage_count", stageCount);
        map.put("running_tasks", runningTasks);
        if (error != null) {
            map.put("error", error.display());
        }
        return map;
    }
}
