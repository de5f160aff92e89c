package io.solstice.master.journal;

import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.master.job.JobFact;
import io.solstice.master.job.Move;
import io.solstice.master.job.Standing;
import java.util.List;

/** One decision of a master that must outlive it. */
public sealed interface JournalEntry {
    /** When it was decided, in milliseconds since 1970-01-01 UTC. */
    long millis();

    /** A master began to lead. */
    record TermBegun(long millis, long term, String cluster) implements JournalEntry {}

    record JobAccepted(long millis, RunId run, JobSpec spec) implements JournalEntry {}

    record JobMoved(long millis, RunId run, Move move) implements JournalEntry {}

    /** Something was found out or decided about a job beside its state. */
    record JobLearned(long millis, RunId run, JobFact fact) implements JournalEntry {}

    /**
     * A job begins again.
     *
     * @param run as it was submitted
     * @param generation of its tasks from now on
     */
    record JobRestarted(long millis, RunId run, long generation) implements JournalEntry {}

    /** An ended job that is no longer kept. */
    record JobForgotten(long millis, RunId run) implements JournalEntry {}

    /**
     * All that the entries before it add up to, so that they are no longer needed.
     *
     * @param jobs in the order in which they were accepted
     */
    record Summary(long millis, long term, long lastGeneration, String cluster, List<KeptJob> jobs)
            implements JournalEntry {
        public Summary {
            jobs = List.copyOf(jobs);
        }
    }

    /**
     * @param standing how far it has come beside its state
     * @param endedMillis 0 while it has not ended
     */
    record KeptJob(RunId run, JobSpec spec, Move last, Standing standing, long acceptedMillis, long endedMillis) {}
}
