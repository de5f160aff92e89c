package io.solstice.master.job;

import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.WorkerReport;

/** What was found out or decided about a job, beside its state, that must survive the master. */
public sealed interface JobFact {
    /** What its sources read, and what its stages take in: the same for all generations. */
    record Prepared(WorkerReport.Prepared answer) implements JobFact {}

    /**
     * Where a generation runs.
     *
     * @param secret signs the tickets of its channels
     */
    record Placed(long generation, Placement placement, String secret) implements JobFact {}

    /** All that it will ever publish is visible; its workers may let go of it. */
    record Over() implements JobFact {}
}
