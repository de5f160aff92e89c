package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a job waits for that runs on while its master changes: what each of its workers says of it. Nothing is decided
 * about the job before all have spoken; what they report meanwhile is heard afterwards.
 */
final class Regain {
    /** Which task owes which cut was known to the lost master alone. */
    private static final SolsticeError RENEWED = ErrorCode.MASTER_RESTARTED
            .error("the master changed while some tasks of the job were beginning again")
            .help("nothing has to be done: all of them begin again");

    private final Map<TaskId, WorkerId> placed;
    private final Set<WorkerId> awaited;
    private final Map<WorkerId, RunAccount> accounts = new TreeMap<>();
    private final List<Said> later = new ArrayList<>();
    private @Nullable SolsticeError lost;

    /** A report and who made it. */
    record Said(WorkerId worker, WorkerReport report) {}

    /** @param placed where the tasks of the generation were placed */
    Regain(Map<TaskId, WorkerId> placed) {
        this.placed = Map.copyOf(placed);
        this.awaited = new TreeSet<>(placed.values());
    }

    boolean awaits(WorkerId worker) {
        return awaited.contains(worker);
    }

    String waitingFor() {
        return "its workers, which ran on while the master changed: "
                + awaited.stream().map(WorkerId::value).collect(Collectors.joining(", "));
    }

    void heard(WorkerId from, WorkerReport report) {
        if (report instanceof WorkerReport.Kept kept) {
            if (awaited.remove(from)) {
                accounts.put(from, ofOwn(from, kept.account()));
                explainMissing(from, kept.account());
                explainForeign(from, kept.account());
                if (kept.account().renewed()) {
                    lost(RENEWED);
                }
            }
        } else if (accounts.containsKey(from)) {
            later.add(new Said(from, report));
        }
    }

    /**
     * The last master may have given the worker up, and let tasks of it begin again elsewhere: what those were given here
     * is left to be read, or with their successors.
     */
    private RunAccount ofOwn(WorkerId worker, RunAccount account) {
        return new RunAccount(
                account.alive(),
                account.epoch(),
                account.last(),
                account.assigned().stream()
                        .filter(given -> worker.equals(placed.get(given.task())))
                        .toList(),
                account.reports(),
                account.renewed());
    }

    /** A task that lives on where it was given up would pass for its successor, should that ever come to be there. */
    private void explainForeign(WorkerId worker, RunAccount account) {
        for (TaskId task : account.alive()) {
            WorkerId on = placed.get(task);
            if (!worker.equals(on)) {
                lost(ErrorCode.WORKER_LOST
                        .error("worker " + worker + " still has task " + task + ", which has begun again on " + on)
                        .cause("it had been given up, and came back after the master had changed"));
            }
        }
    }

    /** Each task of the worker must be alive, or have ended. */
    private void explainMissing(WorkerId worker, RunAccount account) {
        Set<TaskId> known = new HashSet<>(account.alive());
        account.reports().forEach(report -> {
            if (report instanceof WorkerReport.TaskEnded ended) {
                known.add(ended.task());
            }
        });
        placed.forEach((task, on) -> {
            if (on.equals(worker) && !known.contains(task)) {
                lost(ErrorCode.WORKER_LOST
                        .error("worker " + worker + " no longer has task " + task)
                        .cause("it came back without it after the master had changed"));
            }
        });
    }

    void lost(SolsticeError why) {
        lost = lost == null ? why : lost;
    }

    /** Why the generation cannot go on; null if it can. */
    @Nullable
    SolsticeError lost() {
        return lost;
    }

    boolean isDecided() {
        return lost != null || awaited.isEmpty();
    }

    Collection<RunAccount> accounts() {
        return accounts.values();
    }

    /** Of the newest checkpoint that was begun anywhere, or 0. */
    long epoch() {
        return accounts.values().stream().mapToLong(RunAccount::epoch).max().orElse(0);
    }

    /** Whether that one is the last. */
    boolean isLast() {
        return accounts.values().stream().anyMatch(account -> account.epoch() == epoch() && account.last());
    }

    /** Tells of each task that has ended, as far as is known, and where it was. */
    void forEachEnded(BiConsumer<WorkerId, TaskId> told) {
        placed.forEach((task, worker) -> {
            RunAccount account = accounts.get(worker);
            if (account != null && !account.alive().contains(task)) {
                told.accept(worker, task);
            }
        });
        later.forEach(said -> {
            if (said.report() instanceof WorkerReport.TaskEnded ended) {
                told.accept(said.worker(), ended.task());
            }
        });
    }

    /**
     * All that was reported and is not part of a checkpoint, worker by worker.
     *
     * @param newest the newest canonical checkpoint: what a task sealed that had ended by then is part of it
     */
    List<Said> said(@Nullable Manifest newest) {
        Set<TaskId> finished = newest == null ? Set.of() : Set.copyOf(newest.finished());
        List<Said> all = new ArrayList<>();
        accounts.forEach((worker, account) -> account.reports()
                .forEach(report -> all.add(new Said(worker, finished.isEmpty() ? report : rest(report, finished)))));
        all.addAll(later);
        return all;
    }

    private static WorkerReport rest(WorkerReport report, Set<TaskId> finished) {
        boolean known = report instanceof WorkerReport.TaskEnded ended
                && ended.outcome() instanceof TaskOutcome.Finished
                && finished.contains(ended.task());
        return known
                ? new WorkerReport.TaskEnded(
                        report.run(), ((WorkerReport.TaskEnded) report).task(), new TaskOutcome.Finished(List.of()))
                : report;
    }
}
