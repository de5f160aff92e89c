package io.solstice.api;

import io.solstice.api.config.Config;

/**
 * What a workflow builds its job from.
 *
 * @param jobId the id the job will have
 * @param config the {@code config} block of the YAML file, with command-line values on top
 * @param stateBackend where checkpoints will be kept
 */
public record JobContext(String jobId, Config config, StateBackend stateBackend) {
    public static JobContext of(String jobId) {
        return new JobContext(jobId, Config.EMPTY, StateBackend.DEFAULT);
    }

    public JobContext withConfig(Config other) {
        return new JobContext(jobId, other, stateBackend);
    }
}
