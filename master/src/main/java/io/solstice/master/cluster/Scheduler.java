package io.solstice.master.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Placement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Places all tasks of a job at once, or says what is missing. The tasks with the greatest needs are placed first, each
 * on the worker with the fewest tasks for its cores that has room for it; tasks that feed each other one to one are kept
 * together. Pure.
 */
final class Scheduler {
    private static final Placement NOWHERE = new Placement(Map.of(), Map.of());

    private final ChainPlan plan;
    private final TreeMap<WorkerId, Capacity> workers;
    private final Predicate<TaskId> stays;
    private final Placement before;
    private final Map<StageId, List<WorkerId>> placed = new LinkedHashMap<>();
    private final Map<StageId, List<List<Integer>>> gpus = new LinkedHashMap<>();

    /** What came of it. */
    sealed interface Verdict {
        /**
         * @param workers by the first stage of each chain, the worker of each task
         * @param gpus by the first stage of each chain that needs some, each task's GPUs of its worker
         */
        record Fits(Map<StageId, List<WorkerId>> workers, Map<StageId, List<List<Integer>>> gpus) implements Verdict {}

        /** Not now; {@code what} says what is missing. */
        record Missing(String what) implements Verdict {}
    }

    private Scheduler(ChainPlan plan, TreeMap<WorkerId, Capacity> workers, Predicate<TaskId> stays, Placement before) {
        this.plan = plan;
        this.workers = workers;
        this.stays = stays;
        this.before = before;
    }

    /** @param workers those that take tasks, with what is reserved on them now; what is placed is added to it */
    static Verdict place(ChainPlan plan, TreeMap<WorkerId, Capacity> workers) {
        return new Scheduler(plan, workers, task -> false, NOWHERE).run();
    }

    /** Places some tasks of a job whose other tasks stay where they are. */
    static Verdict place(ChainPlan plan, TreeMap<WorkerId, Capacity> workers, Set<TaskId> displaced, Placement before) {
        return new Scheduler(plan, workers, task -> !displaced.contains(task), before).run();
    }

    /** Why no worker could ever hold one of the tasks, or null if each fits on some worker. */
    static @Nullable SolsticeError impossible(ChainPlan plan, List<Capacity> workers) {
        for (Chain chain : plan.chains()) {
            Resources need = need(plan, chain);
            if (workers.stream().noneMatch(worker -> worker.couldFit(need))) {
                String largest = workers.stream()
                        .map(worker -> ResourceText.of(worker.offered()))
                        .distinct()
                        .reduce((a, b) -> a + "; " + b)
                        .orElse("nothing");
                return ErrorCode.RESOURCES_IMPOSSIBLE
                        .error("a task of stage '" + chain.head() + "' needs " + ResourceText.of(need)
                                + ", and no worker is that large")
                        .where("job '" + plan.graph().job() + "', stage '" + chain.head() + "'")
                        .cause("the " + workers.size() + (workers.size() == 1 ? " worker offers " : " workers offer ")
                                + largest)
                        .help("ask for less, or start a worker that offers more (bin/start-worker --cpus --gpus"
                                + " --memory)");
            }
        }
        return null;
    }

    private Verdict run() {
        List<Chain> chains = new ArrayList<>(plan.chains());
        chains.sort(Comparator.comparing((Chain chain) -> need(plan, chain).numGpus())
                .thenComparing(chain -> need(plan, chain).memoryBytes())
                .thenComparing(chain -> need(plan, chain).numCpus())
                .reversed());
        for (Chain chain : chains) {
            Resources need = need(plan, chain);
            List<WorkerId> chosen = new ArrayList<>();
            List<List<Integer>> taken = new ArrayList<>();
            for (int i = 0; i < chain.parallelism().initial(); i++) {
                TaskId task = new TaskId(plan.graph().job(), chain.head(), i);
                if (stays.test(task)) {
                    taken.add(before.gpusOf(task));
                    chosen.add(before.workerOf(task));
                    continue;
                }
                WorkerId worker = choose(chain, i, need);
                if (worker == null) {
                    return new Verdict.Missing(missing(chain, need, left(chain, i)));
                }
                taken.add(capacity(worker).take(need));
                chosen.add(worker);
            }
            placed.put(chain.head(), chosen);
            if (need.numGpus() > 0) {
                gpus.put(chain.head(), taken);
            }
        }
        return new Verdict.Fits(placed, gpus);
    }

    private int left(Chain chain, int from) {
        int left = 0;
        for (int i = from; i < chain.parallelism().initial(); i++) {
            left += stays.test(new TaskId(plan.graph().job(), chain.head(), i)) ? 0 : 1;
        }
        return left;
    }

    private @Nullable WorkerId choose(Chain chain, int index, Resources need) {
        for (Edge edge : plan.inputs(chain)) {
            List<WorkerId> upstream = placed.get(plan.chainOf(edge.from()).head());
            if (edge.partitioning() == Partitioning.FORWARD && upstream != null) {
                Capacity there = workers.get(upstream.get(index));
                if (there != null && there.fits(need)) {
                    return upstream.get(index);
                }
            }
        }
        return workers.entrySet().stream()
                .filter(worker -> worker.getValue().fits(need))
                .min(Comparator.comparingDouble(worker -> worker.getValue().load()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private Capacity capacity(WorkerId worker) {
        Capacity capacity = workers.get(worker);
        if (capacity == null) {
            throw new IllegalStateException("worker " + worker + " takes no tasks");
        }
        return capacity;
    }

    private String missing(Chain chain, Resources need, int tasks) {
        Resources free = workers.values().stream().map(Capacity::free).reduce(Resources.NONE, Resources::plus);
        return tasks + (tasks == 1 ? " task" : " tasks") + " of stage '" + chain.head() + "', each with "
                + ResourceText.of(need) + "; free on " + workers.size()
                + (workers.size() == 1 ? " worker: " : " workers: ") + ResourceText.of(free)
                + (need.numGpus() > 0 && free.numGpus() >= need.numGpus() ? ", in parts that are too small" : "");
    }

    /** A chain is one thread, so the cores and GPUs of its stages are not added up, but their memory is. */
    static Resources need(ChainPlan plan, Chain chain) {
        double cpus = 0;
        double gpus = 0;
        long memory = 0;
        for (StageId stage : chain.stages()) {
            Resources reserved = plan.graph().stage(stage).reserved();
            cpus = Math.max(cpus, reserved.numCpus());
            gpus = Math.max(gpus, reserved.numGpus());
            memory += reserved.memoryBytes();
        }
        return new Resources(cpus, gpus, memory);
    }
}
