package io.solstice.api;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.JobState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job at one moment.
 *
 * @param submitted whether an engine has it; one that is only built is CREATED and not submitted
 * @param uptimeSecs seconds since it was submitted, until its end
 * @param waitingFor what keeps it from starting, in words; empty if nothing does
 * @param checkpoints what became of its checkpoints
 * @param restarts how often it began again, after trouble that may pass
 * @param error why it failed, else null
 */
public record JobStatus(
        String jobId,
        JobState state,
        boolean submitted,
        double uptimeSecs,
        int stageCount,
        int runningTasks,
        String waitingFor,
        CheckpointStatus checkpoints,
        int restarts,
        @Nullable SolsticeError error) {

    /** Of a job that no engine has yet. */
    public static JobStatus notStarted(String jobId, int stageCount) {
        return new JobStatus(jobId, JobState.CREATED, false, 0, stageCount, 0, "", CheckpointStatus.NONE, 0, null);
    }

    /** Submitted and not ended. */
    public boolean isRunning() {
        return submitted && !state.isTerminal();
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("job_id", jobId);
        map.put("is_running", isRunning());
        if (!submitted) {
            map.put("initialized", false);
            return map;
        }
        map.put("state", state.name());
        map.put("uptime_secs", uptimeSecs);
        map.put("stage_count", stageCount);
        map.put("running_tasks", runningTasks);
        map.put("checkpoint_status", checkpoints.toMap());
        map.put("restarts", restarts);
        if (!waitingFor.isEmpty()) {
            map.put("waiting_for", waitingFor);
        }
        if (error != null) {
            map.put("error", error.display());
        }
        return map;
    }
}
