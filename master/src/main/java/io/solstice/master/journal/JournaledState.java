package io.solstice.master.journal;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobState;
import io.solstice.master.job.Move;
import io.solstice.master.job.Standing;
import io.solstice.master.journal.JournalEntry.KeptJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * All that a master must remember, as the sum of its journal's entries: reading them back gives an equal object. Owned
 * by one thread.
 */
public final class JournaledState {
    private final Map<RunId, KeptJob> jobs = new LinkedHashMap<>();
    private final Map<String, RunId> requests = new LinkedHashMap<>();
    private long term;
    private long lastGeneration;
    private String cluster = "";

    public static JournaledState replay(Iterable<JournalEntry> entries) {
        JournaledState state = new JournaledState();
        entries.forEach(state::apply);
        return state;
    }

    /** An entry that does not follow from what came before is damage. */
    public void apply(JournalEntry entry) {
        if (entry instanceof JournalEntry.TermBegun begun) {
            require(begun.term() > term, entry);
            term = begun.term();
            cluster = begun.cluster();
        } else if (entry instanceof JournalEntry.JobAccepted accepted) {
            require(accepted.run().generation() > lastGeneration, entry);
            lastGeneration = accepted.run().generation();
            requests.put(accepted.spec().requestId(), accepted.run());
            Move created = new Move(JobState.CREATED, null);
            Standing first = Standing.first(accepted.run().generation());
            jobs.put(
                    accepted.run(), new KeptJob(accepted.run(), accepted.spec(), created, first, accepted.millis(), 0));
        } else if (entry instanceof JournalEntry.JobMoved moved) {
            move(moved);
        } else if (entry instanceof JournalEntry.JobRestarted restarted) {
            require(restarted.generation() > lastGeneration, entry);
            lastGeneration = restarted.generation();
            change(restarted.run(), entry, standing -> standing.restarted(restarted.generation()));
        } else if (entry instanceof JournalEntry.JobLearned learned) {
            change(learned.run(), entry, standing -> standing.with(learned.fact()));
        } else if (entry instanceof JournalEntry.JobForgotten forgotten) {
            KeptJob job = jobs.remove(forgotten.run());
            require(job != null && job.last().state().isTerminal(), entry);
            if (job != null) {
                requests.remove(job.spec().requestId(), forgotten.run());
            }
        } else if (entry instanceof JournalEntry.Summary summary) {
            replaceBy(summary);
        }
    }

    private void replaceBy(JournalEntry.Summary summary) {
        term = summary.term();
        lastGeneration = summary.lastGeneration();
        cluster = summary.cluster();
        jobs.clear();
        requests.clear();
        for (KeptJob job : summary.jobs()) {
            jobs.put(job.run(), job);
            requests.put(job.spec().requestId(), job.run());
        }
    }

    /** This state as one entry. */
    public JournalEntry.Summary summary(long millis) {
        return new JournalEntry.Summary(millis, term, lastGeneration, cluster, List.copyOf(jobs.values()));
    }

    private void move(JournalEntry.JobMoved moved) {
        KeptJob job = jobs.get(moved.run());
        JobState next = moved.move().state();
        require(job != null && job.last().state().mayBecome(next), moved);
        if (job != null) {
            long ended = next.isTerminal() ? moved.millis() : 0;
            Standing standing = next.isTerminal() ? job.standing().ended() : job.standing();
            jobs.put(
                    moved.run(),
                    new KeptJob(moved.run(), job.spec(), moved.move(), standing, job.acceptedMillis(), ended));
        }
    }

    private void change(RunId run, JournalEntry entry, UnaryOperator<Standing> change) {
        KeptJob job = jobs.get(run);
        require(job != null && !job.last().state().isTerminal(), entry);
        if (job != null) {
            Standing standing = change.apply(job.standing());
            jobs.put(run, new KeptJob(run, job.spec(), job.last(), standing, job.acceptedMillis(), job.endedMillis()));
        }
    }

    private static void require(boolean follows, JournalEntry entry) {
        if (!follows) {
            throw ErrorCode.JOURNAL_DAMAGED
                    .error("an entry of the journal does not follow from those before it")
                    .cause(entry.toString())
                    .help("restore the journal's directory from a copy, or start with an empty data_dir")
                    .toException();
        }
    }

    /** In the order in which they were accepted. */
    public Map<RunId, KeptJob> jobs() {
        return java.util.Collections.unmodifiableMap(jobs);
    }

    /** The runs that requests made, of all jobs that are kept. */
    public Map<String, RunId> requests() {
        return java.util.Collections.unmodifiableMap(requests);
    }

    public long term() {
        return term;
    }

    public long lastGeneration() {
        return lastGeneration;
    }

    /** Empty before the first term. */
    public String cluster() {
        return cluster;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JournaledState that
                && term == that.term
                && lastGeneration == that.lastGeneration
                && cluster.equals(that.cluster)
                && jobs.equals(that.jobs)
                && requests.equals(that.requests);
    }

    @Override
    public int hashCode() {
        return Objects.hash(term, lastGeneration, cluster, jobs, requests);
    }

    @Override
    public String toString() {
        return "term " + term + ", generation " + lastGeneration + ", " + jobs;
    }
}
