package io.solstice.api;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.operator.WindowOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.GraphCheck;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StatePolicy;
import io.solstice.common.graph.StateStore;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph of stages under construction. Used by one thread. */
public final class Job {
    private static final long LEAST_STATE_MEMORY = 1 << 20;

    private final JobId id;
    private final Map<StageId, Stage> stages = new LinkedHashMap<>();
    private final Map<StageId, List<StageId>> upstreams = new LinkedHashMap<>();
    private StateBackend stateBackend = StateBackend.DEFAULT;
    private CheckpointPolicy checkpoints = CheckpointPolicy.DEFAULT;
    private StatePolicy state = StatePolicy.DEFAULT;
    private int keyGroups = JobGraph.DEFAULT_KEY_GROUPS;
    private volatile @Nullable JobHandle handle;

    /** @param jobId letters, digits, {@code . _ -}, at most 128 characters */
    public Job(String jobId) {
        this.id = new JobId(jobId);
    }

    public Job(JobContext context) {
        this(context.jobId());
        this.stateBackend = context.stateBackend();
    }

    public Job stateBackend(StateBackend backend) {
        this.stateBackend = backend;
        return this;
    }

    /** Where what operators keep by key lies while the job runs. Default: {@link StateStore#AUTO}. */
    public Job stateStore(StateStore store) {
        this.state = new StatePolicy(store, state.folder(), state.memoryBytes());
        return this;
    }

    /**
     * The folder, on each worker, of the stores of {@link StateStore#ROCKSDB} and {@link StateStore#DISK}. Default: one
     * of the worker's own.
     */
    public Job stateFolder(String folder) {
        this.state = new StatePolicy(state.store(), folder, state.memoryBytes());
        return this;
    }

    /**
     * About so much memory each store of {@link StateStore#ROCKSDB} and {@link StateStore#DISK} takes, of which each task
     * of a stage with state by key has one; at least a megabyte. Default: a part of what its worker has.
     */
    public Job stateMemory(long bytes) {
        if (bytes < LEAST_STATE_MEMORY) {
            throw ErrorCode.OPTION_INVALID
                    .error("a store cannot work with " + bytes + " bytes of memory")
                    .where("stateMemory")
                    .cause("it needs at least " + LEAST_STATE_MEMORY + " bytes")
                    .help("give it more, or leave it to the worker")
                    .toException();
        }
        this.state = new StatePolicy(state.store(), state.folder(), bytes);
        return this;
    }

    /** A checkpoint is due after so many seconds. Default: 300. */
    public Job checkpointIntervalSecs(double seconds) {
        this.checkpoints = new CheckpointPolicy(seconds, checkpoints.intervalRecords());
        return this;
    }

    /** A checkpoint is also due after so many records; 0 for no such limit, which is the default. */
    public Job checkpointIntervalRecords(long records) {
        this.checkpoints = new CheckpointPolicy(checkpoints.intervalSecs(), records);
        return this;
    }

    /**
     * The most tasks that a keyed stage can ever have, 1 to 32,768. Default: 128. It cannot change after the first run.
     */
    public Job keyGroups(int groups) {
        if (groups < 1 || groups > 32_768) {
            throw ErrorCode.OPTION_INVALID
                    .error(groups + " key groups are not possible")
                    .where("job '" + id + "'")
                    .cause("expected 1 to 32768")
                    .toException();
        }
        this.keyGroups = groups;
        return this;
    }

    /** Adds a stage behind the named ones, which must have been added before; a source has none. */
    public Job addStage(Stage stage, String... upstreamStages) {
        return addStage(stage, List.of(upstreamStages));
    }

    /** Adds a stage behind the named ones; a source has none. */
    public Job addStage(Stage stage, List<String> upstreamStages) {
        List<StageId> froms = stage.definition() instanceof JoinOperator join
                ? new JoinStage(stage, join).upstreams(upstreamStages)
                : upstreamStages.stream().distinct().map(StageId::new).toList();
        if (stages.putIfAbsent(stage.id(), keyedLike(stage, froms)) != null) {
            throw ErrorCode.STAGE_DUPLICATE
                    .error("two stages have the id '" + stage.id() + "'")
                    .where("job '" + id + "'")
                    .help("give each stage of a job an id of its own")
                    .toException();
        }
        upstreams.put(stage.id(), froms);
        return this;
    }

    /** An aggregation, or windows, that name no keys take those of the stage before them. */
    private Stage keyedLike(Stage stage, List<StageId> froms) {
        for (StageId from : froms) {
            Stage upstream = stages.get(from);
            List<String> keys = upstream == null ? List.of() : keyColumns(upstream);
            OperatorDefinition keyed = keys.isEmpty() ? null : keyed(stage, keys);
            if (keyed != null) {
                return stage.doing(keyed);
            }
        }
        return stage;
    }

    private static @Nullable OperatorDefinition keyed(Stage stage, List<String> keys) {
        if (stage.definition() instanceof AggregateOperator aggregate) {
            return aggregate.keys().isEmpty() ? aggregate.withKeys(keys) : null;
        }
        return stage.definition() instanceof WindowOperator windows
                        && windows.keys().isEmpty()
                ? windows.withKeys(keys)
                : null;
    }

    public JobId id() {
        return id;
    }

    public StateBackend stateBackend() {
        return stateBackend;
    }

    public StatePolicy state() {
        return state;
    }

    public List<Stage> stages() {
        return List.copyOf(stages.values());
    }

    public Stage stage(StageId stageId) {
        Stage stage = stages.get(stageId);
        if (stage == null) {
            throw new IllegalArgumentException("job " + id + " has no stage " + stageId);
        }
        return stage;
    }

    /** The graph as plain data, checked: throws the first problem with its code. */
    public JobGraph graph() {
        List<Edge> edges = new ArrayList<>();
        upstreams.forEach((to, froms) -> froms.forEach(from -> edges.add(edge(from, to))));
        edges.forEach(edge -> checkLate(edge, edges));
        List<StageNode> nodes = stages.values().stream().map(Stage::node).toList();
        JobGraph graph = new JobGraph(id, nodes, edges, keyGroups, checkpoints, state);
        GraphCheck.check(graph);
        return graph;
    }

    private void checkLate(Edge edge, List<Edge> edges) {
        Stage upstream = stages.get(edge.from());
        Stage downstream = stage(edge.to());
        if (upstream != null && downstream.definition() instanceof LateRows) {
            List<Stage> others = edges.stream()
                    .filter(other -> other.from().equals(edge.from()))
                    .map(other -> stage(other.to()))
                    .toList();
            new LateStage(downstream).requireFit(upstream, others);
        }
    }

    private Edge edge(StageId from, StageId to) {
        Stage upstream = stages.get(from);
        Stage downstream = stage(to);
        if (upstream == null) {
            return new Edge(from, to, Partitioning.REBALANCE, List.of());
        }
        if (downstream.definition() instanceof AggregateOperator aggregate) {
            return edge(upstream, downstream, aggregate);
        }
        if (downstream.definition() instanceof WindowOperator windows) {
            return new WindowStage(downstream, windows).edge(from);
        }
        return downstream.definition() instanceof JoinOperator join
                ? new JoinStage(downstream, join).edge(from, plainEdge(upstream, downstream))
                : plainEdge(upstream, downstream);
    }

    private Edge plainEdge(Stage upstream, Stage downstream) {
        StageId from = upstream.id();
        StageId to = downstream.id();
        List<String> keys = keyColumns(upstream);
        Partitioning forced = downstream.forcedPartitioning();
        if (forced != null && forced != Partitioning.HASH) {
            return new Edge(from, to, forced, List.of());
        }
        if (!keys.isEmpty()) {
            return new Edge(from, to, Partitioning.HASH, keys);
        }
        if (forced == Partitioning.HASH) {
            throw ErrorCode.OPTION_INVALID
                    .error("stage '" + to + "' is to be partitioned by hash, but '" + from + "' names no key")
                    .where("job '" + id + "'")
                    .help("put a KeyByOperator stage before '" + to + "'")
                    .toException();
        }
        boolean equal =
                upstream.parallelism().initial() == downstream.parallelism().initial();
        return new Edge(from, to, equal ? Partitioning.FORWARD : Partitioning.REBALANCE, List.of());
    }

    /** All rows of a key must come to one task. */
    private Edge edge(Stage upstream, Stage downstream, AggregateOperator aggregate) {
        Partitioning forced = downstream.forcedPartitioning();
        if (aggregate.keys().isEmpty() && downstream.parallelism().max() > 1) {
            throw ErrorCode.OPTION_INVALID
                    .error("stage '" + downstream.id() + "' aggregates all rows together, so it can have one task only")
                    .where("job '" + id + "', stage '" + downstream.id() + "'")
                    .cause("its parallelism is " + downstream.parallelism())
                    .help("name keys with AggregateOperator.by(\"…\"), or give the stage parallelism 1")
                    .toException();
        }
        if (forced != null && !aggregate.keys().isEmpty() && forced != Partitioning.HASH) {
            throw ErrorCode.OPTION_INVALID
                    .error("stage '" + downstream.id() + "' aggregates by key, so its rows must be divided by key")
                    .where("job '" + id + "', stage '" + downstream.id() + "'")
                    .cause("its partitioning is " + forced)
                    .help("leave .partitioning(…) out")
                    .toException();
        }
        if (!aggregate.keys().isEmpty()) {
            return new Edge(upstream.id(), downstream.id(), Partitioning.HASH, aggregate.keys());
        }
        boolean equal = upstream.parallelism().initial() == 1;
        return new Edge(
                upstream.id(), downstream.id(), equal ? Partitioning.FORWARD : Partitioning.REBALANCE, List.of());
    }

    private static List<String> keyColumns(Stage stage) {
        return stage.definition() instanceof KeyByOperator keyBy ? keyBy.keyColumns() : List.of();
    }

    /** A runner of this job in this process, on an engine of its own. */
    public Runner createRunner() {
        return new Runner(this::getStatus, Runner.Launch.embedded(this));
    }

    /** Called by the engine that runs the job. */
    public void attach(JobHandle running) {
        this.handle = running;
    }

    /** The running job's status; before it was submitted, one that says so. */
    public JobStatus getStatus() {
        JobHandle running = handle;
        return running == null ? JobStatus.notStarted(id.value(), stages.size()) : running.getStatus();
    }

    /** The running job's metrics; empty before it was submitted. */
    public JobMetrics getMetrics() {
        JobHandle running = handle;
        return running == null ? JobMetrics.empty(id.value()) : running.getMetrics();
    }

    /**
     * The ids of the checkpoints that runs of this job id left in its state backend, oldest first. Needs no runner: it
     * reads the backend.
     */
    public List<String> listCheckpoints() {
        JobHandle running = handle;
        return running == null
                ? EngineProvider.onClassPath().listCheckpoints(stateBackend, id.value())
                : running.listCheckpoints();
    }
}
