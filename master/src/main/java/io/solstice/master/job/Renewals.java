package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.WorkerCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Lets the tasks of a generation begin again that trouble has touched, at its newest checkpoint, while all others go
 * on: those tell nothing to the touched ones and hear nothing of them.
 *
 * <pre>
 * (none) -> ENDING -> WAITING for places -> DEPLOYING -> (none)
 *              ^                               |
 *              +--- more trouble: together ----+
 * </pre>
 *
 * No checkpoint is taken meanwhile. What is read and written in vain is thrown away when the tasks have new places, and
 * not before: until then another master may find the old ones alive and go on with them.
 */
final class Renewals {
    private final ChainPlan plan;
    private final long term;
    private final Checkpoints checkpoints;
    private final Regions regions;
    private final Set<TaskId> touched = new TreeSet<>();
    private boolean placed;
    private int count;

    /** @param term of this master, in which the attempts are counted */
    Renewals(ChainPlan plan, long term, Checkpoints checkpoints) {
        this.plan = plan;
        this.term = term;
        this.checkpoints = checkpoints;
        this.regions = new Regions(plan);
    }

    /** Whether some tasks are not back yet. */
    boolean isOpen() {
        return !touched.isEmpty();
    }

    /** The tasks that are not back yet. */
    Set<TaskId> touched() {
        return Set.copyOf(touched);
    }

    boolean arePlaced() {
        return placed;
    }

    /** Whether the task has been touched and its successor has no place yet: what it says is worth nothing. */
    boolean isGivenUp(TaskId task) {
        return !placed && touched.contains(task);
    }

    /** Whether trouble with these tasks changes nothing, since they begin again already. */
    boolean isKnown(Collection<TaskId> tasks) {
        return !placed && isOpen() && touched.containsAll(tasks);
    }

    /** Whether others can go on if these begin again. A generation that takes its last checkpoint has nothing to gain. */
    boolean suffice(Generation generation, Collection<TaskId> tasks) {
        Set<TaskId> all = regions.around(tasks);
        all.addAll(touched);
        boolean othersGoOn = !all.containsAll(generation.tasks().alive().keySet());
        return !tasks.isEmpty() && othersGoOn && !checkpoints.isEnding() && !speaksToClients();
    }

    /** Clients of Flight have tickets for all tasks of one run. */
    private boolean speaksToClients() {
        return plan.graph().stages().stream()
                .anyMatch(stage -> stage.operatorType().startsWith("Flight"));
    }

    /** These tasks, and all that exchange rows with them, are to begin again. */
    List<Order> begin(Generation generation, Collection<TaskId> tasks, SolsticeError why) {
        touched.addAll(regions.around(tasks));
        placed = false;
        checkpoints.renews(why, touched);
        return generation.end(touched);
    }

    /** What the touched tasks wait for. */
    String inWords() {
        return touched.size() + " of " + RunTasks.of(plan).size() + " tasks, which begin again";
    }

    /** Whether the tasks have ended and can have new places. */
    boolean wantPlaces(Generation generation) {
        return isOpen()
                && !placed
                && generation.tasks().alive().keySet().stream().noneMatch(touched::contains);
    }

    /** @param where all tasks of the job are from now on */
    List<Order> deploy(Generation generation, Placement where, JobSpec spec, Preparation found, CheckpointSteps steps) {
        placed = true;
        count++;
        generation.renew(where, touched, found.sources(checkpoints.canonical().manifest()));
        List<Committable> vain = checkpoints.cuts().renewed();
        Renewal renewal = new Renewal(term + "." + count, List.copyOf(touched));
        WorkerCommand deploy = steps.deploy(generation, spec, found.inputs(), renewal);
        List<Order> orders = new ArrayList<>();
        workers(generation).forEach(worker -> orders.add(new Order(worker, deploy)));
        WorkerId any = generation.anyHolder();
        if (any != null && !vain.isEmpty()) {
            // Afterwards: it may be a worker that had nothing of the run so far, and so not the sinks.
            orders.add(new Order(any, new WorkerCommand.Discard(generation.run(), vain)));
        }
        return orders;
    }

    private Set<WorkerId> workers(Generation generation) {
        return generation.tasks().alive().entrySet().stream()
                .filter(task -> touched.contains(task.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the tasks are there and have to be started. */
    boolean areDeployed(Generation generation) {
        return placed && generation.tasks().isDeployed();
    }

    /** They work from now on. */
    List<Order> start(Moment now, Generation generation) {
        WorkerCommand start = new WorkerCommand.Start(generation.run());
        List<Order> orders = workers(generation).stream()
                .map(worker -> new Order(worker, start))
                .toList();
        end();
        checkpoints.interval().shorten(now);
        return orders;
    }

    /** All tasks end, or begin again. */
    void end() {
        touched.clear();
        placed = false;
    }
}
