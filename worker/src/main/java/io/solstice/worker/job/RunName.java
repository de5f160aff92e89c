package io.solstice.worker.job;

import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.StatePlace;

/**
 * What a run is called in files and tables. A master that has forgotten a job counts its runs from the start again, so
 * the generation alone would not tell two runs apart; the request that made the job does. All workers find the same.
 */
final class RunName {
    private RunName() {}

    static String of(RunId run, JobSpec spec) {
        return submission(spec) + "-" + run.generation();
    }

    /** What tasks write that began again within the run, so that nothing of their predecessors is taken for theirs. */
    static String of(RunId run, JobSpec spec, Renewal renewal) {
        return renewal.attempt().isEmpty() ? of(run, spec) : of(run, spec) + "." + renewal.attempt();
    }

    /** What all runs of one submission have in common. */
    static String submission(JobSpec spec) {
        return spec.job() + "-" + StatePlace.submission(spec.requestId());
    }
}
