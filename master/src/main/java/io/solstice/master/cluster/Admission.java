package io.solstice.master.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.master.job.Moment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lets waiting jobs in. Whose submitter uses least of the cluster comes first, then who came first. A smaller job may
 * pass one that does not fit yet, but not for ever: one that has waited long holds back all others until it fits.
 */
final class Admission {
    private static final long STARVING_MILLIS = 30_000;

    private final long timeoutMillis;

    /** @param timeoutMillis how long a job waits for workers that the cluster does not have */
    Admission(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    /** Takes a job further. */
    @FunctionalInterface
    interface Step<T> {
        void take(JobEntry job, T with, Outcome outcome);
    }

    /** @param workers those that take tasks, with what is reserved on them */
    void admit(
            Collection<JobEntry> jobs,
            TreeMap<WorkerId, Capacity> workers,
            Step<WorkerId> prepare,
            Step<Scheduler.Verdict.Fits> deploy,
            Step<SolsticeError> fail,
            Step<Moment> restart,
            Step<SolsticeError> restartAll,
            Outcome outcome) {
        List<JobEntry> waiting = new ArrayList<>();
        for (JobEntry job : jobs) {
            if (job.coordinator().mayRestart(outcome.now())) {
                restart.take(job, outcome.now(), outcome);
                job.startWaiting(outcome.now());
            }
            if (job.coordinator().wantsPreparation()) {
                prepare(job, workers, prepare, fail, outcome);
            } else if (job.coordinator().state() == JobState.SCHEDULING
                    || job.coordinator().mayRenew(outcome.now())) {
                waiting.add(job);
            } else if (!job.coordinator().displaced().isEmpty()) {
                job.startWaiting(outcome.now());
            }
        }
        if (waiting.isEmpty()) {
            return;
        }
        Map<String, Double> shares = shares(jobs, workers);
        waiting.sort(Comparator.comparing((JobEntry job) -> !isStarving(job, outcome.now()))
                .thenComparing(
                        job -> shares.getOrDefault(job.coordinator().spec().submitter(), 0.0)));
        for (JobEntry job : waiting) {
            boolean placed = job.coordinator().state() == JobState.SCHEDULING
                    ? schedule(job, workers, deploy, fail, outcome)
                    : renew(job, workers, deploy, restartAll, outcome);
            if (!placed && isStarving(job, outcome.now())) {
                return;
            }
        }
    }

    private static boolean isStarving(JobEntry job, Moment now) {
        return job.waitedMillis(now) > STARVING_MILLIS;
    }

    private void prepare(
            JobEntry job,
            TreeMap<WorkerId, Capacity> workers,
            Step<WorkerId> prepare,
            Step<SolsticeError> fail,
            Outcome outcome) {
        if (!workers.isEmpty()) {
            WorkerId calmest = workers.entrySet().stream()
                    .min(Comparator.comparingDouble(worker -> worker.getValue().load()))
                    .map(Map.Entry::getKey)
                    .orElseThrow();
            prepare.take(job, calmest, outcome);
            job.startWaiting(outcome.now());
        } else {
            waitOrGiveUp(job, "a worker; none is registered", fail, outcome);
        }
    }

    /**
     * Finds places for tasks that begin again beside others of their job. Without them the job completes no checkpoint,
     * so if that takes long all begin again, and may be placed otherwise.
     *
     * @return whether the job no longer waits
     */
    private static boolean renew(
            JobEntry job,
            TreeMap<WorkerId, Capacity> workers,
            Step<Scheduler.Verdict.Fits> deploy,
            Step<SolsticeError> restartAll,
            Outcome outcome) {
        Placement before = job.coordinator().generation().placement();
        TreeMap<WorkerId, Capacity> trial = copy(workers, true);
        Scheduler.Verdict verdict = before == null
                ? new Scheduler.Verdict.Missing("a placement")
                : Scheduler.place(
                        job.coordinator().plan(), trial, job.coordinator().displaced(), before);
        if (verdict instanceof Scheduler.Verdict.Fits fits) {
            workers.putAll(trial);
            deploy.take(job, fits, outcome);
            return true;
        }
        String missing = ((Scheduler.Verdict.Missing) verdict).what();
        if (isStarving(job, outcome.now())) {
            SolsticeError tooFull = ErrorCode.WORKER_LOST
                    .error("no room was found for the tasks that were lost beside the others of the job")
                    .cause("missing: " + missing);
            restartAll.take(job, tooFull, outcome);
            return true;
        }
        say(job, missing, outcome);
        return false;
    }

    /** @return whether the job no longer waits */
    private boolean schedule(
            JobEntry job,
            TreeMap<WorkerId, Capacity> workers,
            Step<Scheduler.Verdict.Fits> deploy,
            Step<SolsticeError> fail,
            Outcome outcome) {
        TreeMap<WorkerId, Capacity> trial = copy(workers, true);
        Scheduler.Verdict verdict = Scheduler.place(job.coordinator().plan(), trial);
        if (verdict instanceof Scheduler.Verdict.Fits fits) {
            workers.putAll(trial);
            deploy.take(job, fits, outcome);
            return true;
        }
        // A job that has run before waits: the worker that was large enough may come back.
        SolsticeError impossible = workers.isEmpty() || job.hasRestarted()
                ? null
                : Scheduler.impossible(job.coordinator().plan(), List.copyOf(workers.values()));
        if (impossible != null) {
            fail.take(job, impossible, outcome);
            return true;
        }
        String missing = ((Scheduler.Verdict.Missing) verdict).what();
        boolean fitsAlone =
                Scheduler.place(job.coordinator().plan(), copy(workers, false)) instanceof Scheduler.Verdict.Fits;
        if (fitsAlone) {
            say(job, missing, outcome);
            return false;
        }
        return waitOrGiveUp(job, missing + "; the cluster is too small for the job", fail, outcome);
    }

    private boolean waitOrGiveUp(JobEntry job, String missing, Step<SolsticeError> fail, Outcome outcome) {
        if (job.waitedMillis(outcome.now()) <= timeoutMillis) {
            say(job, missing, outcome);
            return false;
        }
        SolsticeError gaveUp = ErrorCode.RESOURCES_MISSING
                .error("the job waited " + timeoutMillis / 1000 + " s for workers that did not come")
                .where("job '" + job.coordinator().run().job() + "'")
                .cause("missing: " + missing)
                .help("start more workers (bin/start-worker --master <host>:<port>) and run the job again");
        fail.take(job, gaveUp, outcome);
        return true;
    }

    private static void say(JobEntry job, String missing, Outcome outcome) {
        job.coordinator().waitFor(missing);
        outcome.moved(job);
    }

    private static TreeMap<WorkerId, Capacity> copy(TreeMap<WorkerId, Capacity> workers, boolean withReserved) {
        TreeMap<WorkerId, Capacity> copy = new TreeMap<>();
        workers.forEach((id, capacity) -> copy.put(id, capacity.copy(withReserved)));
        return copy;
    }

    /** For each submitter, the largest part of any resource that their tasks hold. */
    private static Map<String, Double> shares(Collection<JobEntry> jobs, TreeMap<WorkerId, Capacity> workers) {
        Resources all = workers.values().stream().map(Capacity::offered).reduce(Resources.NONE, Resources::plus);
        Map<String, Resources> used = new HashMap<>();
        Map<String, Integer> tasks = new HashMap<>();
        for (JobEntry job : jobs) {
            String submitter = job.coordinator().spec().submitter();
            job.coordinator().generation().aliveTasks().keySet().forEach(task -> {
                Resources need = Scheduler.need(
                        job.coordinator().plan(), job.coordinator().plan().chainOf(task.stage()));
                used.merge(submitter, need, Resources::plus);
                tasks.merge(submitter, 1, Integer::sum);
            });
        }
        Map<String, Double> shares = new HashMap<>();
        used.forEach((submitter, resources) -> {
            double share = tasks.getOrDefault(submitter, 0) / Math.max(1, all.numCpus()) / 100;
            share = Math.max(share, part(resources.numCpus(), all.numCpus()));
            share = Math.max(share, part(resources.numGpus(), all.numGpus()));
            shares.put(submitter, Math.max(share, part(resources.memoryBytes(), all.memoryBytes())));
        });
        return shares;
    }

    private static double part(double used, double all) {
        return all > 0 ? used / all : 0;
    }
}
