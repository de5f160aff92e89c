package io.solstice.master.job;

import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One generation of a job: its tasks, its splits, and the workers that hold something of it. */
public final class Generation {
    private final RunId run;
    private final RunTasks tasks = new RunTasks();
    private final Map<StageId, SplitQueue> splits = new HashMap<>();
    /** Workers that may hold something of the run, and so must release it. */
    private final Set<WorkerId> holders = new TreeSet<>();

    private @Nullable Placement placement;
    private String secret = "";
    private boolean releasing;

    Generation(RunId run) {
        this.run = run;
    }

    public RunId run() {
        return run;
    }

    RunTasks tasks() {
        return tasks;
    }

    /** Where the tasks were placed, or null before that. */
    public @Nullable Placement placement() {
        return placement;
    }

    /** The same once it has been placed. */
    Placement placed() {
        return Objects.requireNonNull(placement, "it has not been placed");
    }

    /** What signs the tickets of the run; empty before it was placed. */
    public String secret() {
        return secret;
    }

    /** The newest that an earlier master began. @param runs if not, nobody holds anything of it that is wanted */
    static Generation resumed(JobId job, ChainPlan plan, Standing standing, boolean runs) {
        Generation generation = new Generation(new RunId(job, standing.generation()));
        JobFact.Placed placed = standing.placed();
        if (runs && placed != null) {
            generation.placement = placed.placement();
            generation.secret = placed.secret();
            generation.tasks.resume(plan, placed.placement());
            generation.holders.addAll(generation.tasks.workers());
        } else {
            generation.release(List.of());
        }
        return generation;
    }

    /** What is left to read, which is what nobody was given. */
    void resumeReading(ChainPlan chains, Collection<SourcePlan> plans, Collection<RunAccount> accounts) {
        plans.forEach(plan -> splits.put(
                plan.source(),
                SplitQueue.resumed(
                        plan,
                        tasks(chains, plan),
                        accounts.stream()
                                .flatMap(account -> account.assigned().stream())
                                .filter(assigned -> assigned.source().equals(plan.source()))
                                .toList())));
    }

    /** Workers that have, or may have, something of it. */
    public Set<WorkerId> holders() {
        return Set.copyOf(holders);
    }

    /** Tasks that have not ended, with their workers. */
    public Map<TaskId, WorkerId> aliveTasks() {
        return Map.copyOf(tasks.alive());
    }

    void reads(ChainPlan chains, Collection<SourcePlan> plans) {
        plans.forEach(plan -> splits.put(plan.source(), new SplitQueue(plan, tasks(chains, plan))));
    }

    private static int tasks(ChainPlan chains, SourcePlan plan) {
        return chains.chainOf(plan.source()).parallelism().initial();
    }

    Map<StageId, SplitProgress> progress() {
        Map<StageId, SplitProgress> progress = new HashMap<>();
        splits.forEach((stage, queue) -> progress.put(stage, queue.progress()));
        return progress;
    }

    void holds(WorkerId worker) {
        holders.add(worker);
    }

    /** @return the workers that get tasks */
    Set<WorkerId> place(ChainPlan plan, Placement where, String signing) {
        placement = where;
        secret = signing;
        Set<WorkerId> workers = tasks.place(plan, where);
        holders.addAll(workers);
        return workers;
    }

    /**
     * These are to end, while the others go on. All workers hear of it: those that had some of them remember what these
     * were given, for the next master.
     */
    List<Order> end(Set<TaskId> which) {
        tasks.forgetDeploying();
        return toHolders(new WorkerCommand.EndTasks(run, List.copyOf(which)));
    }

    /**
     * They begin again.
     *
     * @param base what was to be read where they begin
     */
    void renew(Placement where, Set<TaskId> which, Collection<SourcePlan> base) {
        placement = where;
        tasks.renew(where, which);
        holders.addAll(tasks.workers());
        for (SourcePlan plan : base) {
            SplitQueue queue = splits.get(plan.source());
            if (queue != null) {
                which.stream()
                        .filter(task -> task.stage().equals(plan.source()))
                        .forEach(task -> queue.giveBack(task, plan));
            }
        }
    }

    /** A worker for what any of them can do, preferably one that has tasks; null if none holds anything. */
    @Nullable
    WorkerId anyHolder() {
        Set<WorkerId> working = tasks.workers();
        return !working.isEmpty()
                ? working.iterator().next()
                : holders.isEmpty() ? null : holders.iterator().next();
    }

    List<Order> toWorkers(WorkerCommand command) {
        return tasks.workers().stream()
                .map(worker -> new Order(worker, command))
                .toList();
    }

    List<Order> toHolders(WorkerCommand command) {
        return holders.stream().map(worker -> new Order(worker, command)).toList();
    }

    /** Hands splits to a task that asks for them. */
    List<Order> assign(WorkerId from, WorkerReport.SplitsWanted wanted) {
        SplitQueue queue = splits.get(wanted.source());
        if (queue == null || !tasks.owns(from, wanted.task())) {
            return List.of();
        }
        SplitQueue.Answer answer = queue.answer(wanted.task(), wanted.number(), wanted.ahead());
        return answer == null
                ? List.of()
                : List.of(new Order(
                        from,
                        new WorkerCommand.AssignSplits(
                                run, wanted.task(), wanted.source(), wanted.number(), answer.starts(), answer.last())));
    }

    void splitFinished(WorkerId from, WorkerReport.SplitFinished report) {
        SplitQueue queue = splits.get(report.source());
        if (queue != null && tasks.owns(from, report.task())) {
            queue.finished(report.splitId());
        }
    }

    /** Whether a task that reads a source says where it is, and can be there. */
    boolean isPossible(TaskSnapshot snapshot) {
        StageId head = snapshot.task().stage();
        SplitQueue queue = splits.get(head);
        List<SourcePosition> positions = snapshot.positions();
        return queue == null
                || positions.size() == 1
                        && positions.get(0).source().equals(head)
                        && queue.isPossible(snapshot.task(), positions.get(0));
    }

    /** What has not been read at the cut that all tasks have taken or outlived. */
    List<SourcePlan> remaining(Attempt cut) {
        List<SourcePlan> plans = new ArrayList<>();
        splits.forEach((stage, queue) -> plans.add(queue.remaining(cut.positions(stage))));
        return plans;
    }

    boolean isReleasing() {
        return releasing;
    }

    boolean isReleased() {
        return releasing && holders.isEmpty();
    }

    /**
     * Lets all workers let go of it.
     *
     * @param vain what was sealed and is to be thrown away, by one of them, since sinks publish and discard as a whole
     */
    List<Order> release(List<Committable> vain) {
        if (releasing) {
            return List.of();
        }
        releasing = true;
        WorkerId discarding = anyHolder();
        List<Order> orders = new ArrayList<>();
        for (WorkerId worker : holders) {
            List<Committable> discarded = worker.equals(discarding) ? vain : List.of();
            orders.add(new Order(worker, new WorkerCommand.Release(run, discarded)));
        }
        return orders;
    }

    /** @return whether the worker had been told to let go, and held something until now */
    boolean released(WorkerId from) {
        if (!releasing) {
            return false;
        }
        tasks.endAll(from);
        return holders.remove(from);
    }

    /**
     * A worker is gone, with everything that it held.
     *
     * @return the tasks that it had
     */
    Set<TaskId> lost(WorkerId worker) {
        holders.remove(worker);
        return tasks.endAll(worker);
    }
}
