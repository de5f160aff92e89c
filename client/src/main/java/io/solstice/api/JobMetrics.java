package io.solstice.api;

import io.solstice.common.protocol.JobState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A job's counters at one moment.
 *
 * @param stages in the order of the job
 * @param memoryBytes off-heap memory held by the job's batches
 */
public record JobMetrics(String jobId, JobState state, double uptimeSecs, List<StageMetrics> stages, long memoryBytes) {
    public JobMetrics {
        stages = List.copyOf(stages);
    }

    static JobMetrics empty(String jobId) {
        return new JobMetrics(jobId, JobState.CREATED, 0, List.of(), 0);
    }

    public StageMetrics stage(String stageId) {
        return stages.stream()
                .filter(stage -> stage.stageId().equals(stageId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage " + stageId + " in job " + jobId));
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        Map<String, Object> byStage = new LinkedHashMap<>();
        stages.forEach(stage -> byStage.put(stage.stageId(), stage.toMap()));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("job_id", jobId);
        // a job that was submitted has stages
        map.put("is_running", !stages.isEmpty() && !state.isTerminal());
        map.put("uptime_secs", uptimeSecs);
        map.put("stage_count", stages.size());
        map.put("memory_bytes", memoryBytes);
        map.put("stages", byStage);
        return map;
    }
}
