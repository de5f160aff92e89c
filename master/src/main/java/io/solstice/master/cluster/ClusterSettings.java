package io.solstice.master.cluster;

import io.solstice.master.job.JobRules;
import io.solstice.master.job.RestartPolicy;

/**
 * What a master decides by.
 *
 * @param cluster the name that its workers must give
 * @param version of this software, which its workers must have
 * @param heartbeatTimeoutMillis a worker that is silent for so long is lost
 * @param schedulingTimeoutMillis how long a job waits for workers that the cluster does not have
 * @param jobHistory how many ended jobs are kept
 * @param restarts how often a job begins again
 * @param checkpointTimeoutMillis a checkpoint that not all tasks have answered by then is given up
 * @param retainedCheckpoints how many completed checkpoints of a job are kept
 * @param checkpointMaxAgeMillis completed checkpoints that are older are deleted when there is a newer one; 0 for none
 */
public record ClusterSettings(
        String cluster,
        String version,
        long heartbeatTimeoutMillis,
        long schedulingTimeoutMillis,
        int jobHistory,
        RestartPolicy restarts,
        long checkpointTimeoutMillis,
        int retainedCheckpoints,
        long checkpointMaxAgeMillis) {
    /** Checkpoints are kept by their number alone. */
    public ClusterSettings(
            String cluster,
            String version,
            long heartbeatTimeoutMillis,
            long schedulingTimeoutMillis,
            int jobHistory,
            RestartPolicy restarts,
            long checkpointTimeoutMillis,
            int retainedCheckpoints) {
        this(
                cluster,
                version,
                heartbeatTimeoutMillis,
                schedulingTimeoutMillis,
                jobHistory,
                restarts,
                checkpointTimeoutMillis,
                retainedCheckpoints,
                0);
    }

    /** Jobs begin again as often as they do by default. */
    public ClusterSettings(
            String cluster, String version, long heartbeatTimeoutMillis, long schedulingTimeoutMillis, int jobHistory) {
        this(
                cluster,
                version,
                heartbeatTimeoutMillis,
                schedulingTimeoutMillis,
                jobHistory,
                RestartPolicy.DEFAULT,
                JobRules.CHECKPOINT_TIMEOUT_MILLIS,
                JobRules.RETAINED_CHECKPOINTS);
    }

    /** What jobs are led by under a master of this term. */
    JobRules rules(long term) {
        return new JobRules(term, restarts, checkpointTimeoutMillis, retainedCheckpoints);
    }
}
