package io.solstice.master.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.master.job.JobCoordinator;
import io.solstice.master.job.JobRules;
import io.solstice.master.job.Moment;
import io.solstice.master.job.Move;
import io.solstice.master.journal.JournalEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the jobs of the master before this one. Those that run go on where their workers bring their tasks
 * along; a worker that does not come for a while is lost, as is one that comes without them.
 */
final class Succession {
    /** Longer than workers wait between two tries to find a master. */
    private static final long PATIENCE_MILLIS = 10_000;

    private final JobBook jobs;
    private long begunMillis;
    private boolean over;

    Succession(JobBook jobs) {
        this.jobs = jobs;
    }

    void begin(Collection<JournalEntry.KeptJob> past, JobRules rules, Outcome outcome) {
        begunMillis = outcome.now().steadyMillis();
        over = false;
        for (JournalEntry.KeptJob job : List.copyOf(past)) {
            Move last = ended(job, outcome);
            JobCoordinator resumed = JobCoordinator.resumed(job.run(), job.spec(), rules, last, job.standing());
            JobEntry entry = new JobEntry(resumed, outcome.now(), job.acceptedMillis(), job.endedMillis());
            jobs.add(entry);
            outcome.moved(entry);
        }
    }

    /** What was ending has ended with the master that ended it: its workers let go of it when nobody keeps it. */
    private static Move ended(JournalEntry.KeptJob job, Outcome outcome) {
        Move last = job.last();
        boolean ending = last.state() == JobState.FAILING || last.state() == JobState.CANCELLING;
        if (!ending) {
            return last;
        }
        Move end = new Move(last.state() == JobState.FAILING ? JobState.FAILED : JobState.CANCELLED, last.error());
        outcome.write(new JournalEntry.JobMoved(outcome.now().wallMillis(), job.run(), end));
        return end;
    }

    /** Of the runs that a worker still holds, those that go on. */
    List<RunId> kept(WorkerRegistration worker) {
        return worker.held().stream()
                .filter(run -> {
                    JobEntry job = jobs.running(run);
                    return job != null && job.coordinator().keeps(worker.worker());
                })
                .toList();
    }

    /** The jobs for which a worker that has registered is lost. @param kept the runs that it goes on with */
    List<JobEntry> notKept(WorkerId worker, List<RunId> kept) {
        return jobs.all().stream()
                .filter(job -> job.coordinator().generation().holders().contains(worker))
                .filter(job -> !kept.contains(job.coordinator().generation().run()))
                .toList();
    }

    static SolsticeError withoutTasks(WorkerRegistration worker) {
        return ErrorCode.WORKER_LOST
                .error("worker " + worker.worker() + " came back without its tasks after the master had changed")
                .help("look at the log of worker " + worker.worker() + " at "
                        + worker.endpoint().host());
    }

    /** Whether a worker whose connection broke may still come, with all that it has of the job. */
    boolean awaits(JobEntry job, WorkerId worker) {
        return !over && job.coordinator().keeps(worker);
    }

    /** Once, after a while: the workers that this master has not heard of, though they have tasks. */
    Map<WorkerId, SolsticeError> missing(Moment now, Function<WorkerId, @Nullable WorkerEntry> workers) {
        if (over || now.steadyMillis() - begunMillis < PATIENCE_MILLIS) {
            return Map.of();
        }
        over = true;
        Map<WorkerId, SolsticeError> missing = new TreeMap<>();
        for (JobEntry job : jobs.all()) {
            for (WorkerId worker : job.coordinator().generation().holders()) {
                if (workers.apply(worker) == null) {
                    missing.put(
                            worker,
                            ErrorCode.WORKER_LOST
                                    .error("worker " + worker + " was lost")
                                    .cause("it has not come within " + PATIENCE_MILLIS / 1_000
                                            + " s since the master changed"));
                }
            }
        }
        return missing;
    }
}
