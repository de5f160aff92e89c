package io.solstice.worker.job;

import io.solstice.api.Stage;
import io.solstice.api.config.StageDefinition;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceDefinition;
import io.solstice.api.time.Watermarks;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.SplitStart;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.operator.Operators;
import io.solstice.worker.task.AlignedGroup;
import io.solstice.worker.task.ChainLink;
import io.solstice.worker.task.Errands;
import io.solstice.worker.task.EventTimeInput;
import io.solstice.worker.task.Fork;
import io.solstice.worker.task.ReadAhead;
import io.solstice.worker.task.Roads;
import io.solstice.worker.task.SideBySide;
import io.solstice.worker.task.SinkOutput;
import io.solstice.worker.task.SourceInput;
import io.solstice.worker.task.SourceReading;
import io.solstice.worker.task.Task;
import io.solstice.worker.task.TaskInput;
import io.solstice.worker.task.TaskOutput;
import io.solstice.worker.task.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Builds one task of a chain: its source or roads in, its operators, its sink or roads out. */
final class TaskParts implements Task.Parts {
    private static final long READ_AHEAD_BYTES = 16L << 20;

    private final Chain chain;
    private final ChainPlan plan;
    private final Function<StageId, Stage> stages;
    private final Connectors connectors;
    private final Map<StageId, TaskContext> contexts;
    private final Waker waker;
    private final SourceInput.SplitRequests requests;
    private final TaskRoads roads;
    private final Beginning beginning;
    private final AlignedGroup.@Nullable Member aligned;
    private Connectors.@Nullable OpenedSource opened;
    private volatile @Nullable SourceInput source;
    private volatile @Nullable SideBySide together;
    private volatile Waker readerWaker;

    TaskParts(
            Chain chain,
            Deployment deployment,
            Connectors connectors,
            Map<StageId, TaskContext> contexts,
            Waker waker,
            SourceInput.SplitRequests requests,
            TaskRoads roads,
            AlignedGroup.@Nullable Member aligned) {
        this.aligned = aligned;
        this.chain = chain;
        this.plan = deployment.plan();
        this.stages = deployment.job()::stage;
        this.connectors = connectors;
        this.contexts = contexts;
        this.waker = waker;
        this.readerWaker = waker;
        this.requests = requests;
        this.roads = roads;
        this.beginning = deployment.beginning();
    }

    @Override
    public TaskOutput output() throws Exception {
        List<StageId> line = line(chain.head());
        return behind(line.get(line.size() - 1));
    }

    /** A stage and those behind it, up to one that feeds several or another task. */
    private List<StageId> line(StageId first) {
        List<StageId> line = new ArrayList<>(List.of(first));
        StageId last = first;
        while (plan.carried(last).size() == 1 && plan.leaving(last).isEmpty()) {
            last = plan.carried(last).get(0);
            line.add(last);
        }
        return line;
    }

    private TaskOutput behind(StageId tail) throws Exception {
        if (stages.apply(tail).definition() instanceof SinkDefinition sink) {
            TaskContext context = context(tail);
            return new SinkOutput(
                    tail,
                    connectors.sink(sink),
                    epoch -> new SinkTask(context, beginning.bounded(), epoch),
                    beginning.epoch() + 1,
                    context.counters());
        }
        Roads leaving = roads.from(tail);
        List<StageId> carried = plan.carried(tail);
        if (carried.isEmpty()) {
            return leaving == null ? new Roads(List.of()) : leaving;
        }
        List<Fork.Branch> branches = new ArrayList<>();
        for (StageId first : carried) {
            List<StageId> line = line(first);
            branches.add(new Fork.Branch(operators(line), behind(line.get(line.size() - 1))));
        }
        if (leaving != null) {
            branches.add(new Fork.Branch(List.of(), leaving));
        }
        return new Fork(branches);
    }

    @Override
    public List<ChainLink> operators() {
        contexts.values().forEach(beginning::restore);
        return operators(line(chain.head()));
    }

    private List<ChainLink> operators(List<StageId> ids) {
        List<ChainLink> links = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            StageDefinition definition = stages.apply(ids.get(i)).definition();
            TaskContext context = context(ids.get(i));
            if (definition instanceof SourceDefinition reading) {
                openSource(reading, context, links);
            } else if (definition instanceof OperatorDefinition operator) {
                Optional<BatchOperator> fused = i + 1 < ids.size() ? fused(operator, ids.get(i + 1)) : Optional.empty();
                if (fused.isPresent()) {
                    TaskContext second = context(ids.get(++i));
                    links.add(new ChainLink(
                            fused.get(), second, second.memory(), List.of(context.counters(), second.counters())));
                } else {
                    links.add(new ChainLink(
                            bound(Operators.create(operator), context),
                            context,
                            context.memory(),
                            List.of(context.counters())));
                }
            }
        }
        return links;
    }

    private static BatchOperator bound(BatchOperator operator, TaskContext context) {
        Schema input = context.inputSchema();
        if (operator instanceof TwoInputs joining && input != null) {
            joining.bind(SideSchemas.of(input, TwoInputs.LEFT), SideSchemas.of(input, TwoInputs.RIGHT));
        }
        return operator;
    }

    private Optional<BatchOperator> fused(OperatorDefinition first, StageId second) {
        return stages.apply(second).definition() instanceof OperatorDefinition next
                ? Operators.fused(first, next)
                : Optional.empty();
    }

    private void openSource(SourceDefinition definition, TaskContext context, List<ChainLink> links) {
        Connectors.OpenedSource fresh = connectors.source(definition);
        opened = fresh;
        if (fresh.residual() != null) {
            BatchOperator filter = Operators.filter(fresh.residual());
            links.add(new ChainLink(filter, context, context.memory(), List.of(context.hidden())));
        }
    }

    @Override
    public TaskInput input() {
        Connectors.OpenedSource fresh = opened;
        if (fresh == null) {
            return TaskInput.of(roads.in());
        }
        TaskContext context = context(chain.head());
        Watermarks rule = stages.apply(chain.head()).watermarks();
        if (!fresh.source().splitsEnd()) {
            return together(fresh, context, rule);
        }
        boolean foresees = rule != null && !rule.splitsInOrder();
        SourceInput splits =
                new SourceInput(fresh.source(), context, requests, context.counters(), foresees, Clock.SYSTEM);
        source = splits;
        SourceReading reading = splits;
        if (fresh.source().blocks()) {
            Waker ownWaker = new Waker();
            readerWaker = ownWaker;
            String name = "read " + chain.head() + "/" + context.taskIndex();
            reading = new ReadAhead(name, splits, ownWaker, READ_AHEAD_BYTES, waker::wake);
        }
        return rule == null ? reading : new EventTimeInput(reading, rule, aligned, Clock.SYSTEM);
    }

    /** All splits that the task gets at the same time. */
    private TaskInput together(Connectors.OpenedSource fresh, TaskContext context, @Nullable Watermarks rule) {
        SourceDefinition definition =
                (SourceDefinition) stages.apply(chain.head()).definition();
        Errands errands = new Errands(waker::wake);
        SideBySide reading = new SideBySide(
                chain.head(),
                (start, member) -> {
                    Source own = connectors.source(definition).source();
                    SourceReading one = one(own, start, context, errands);
                    // Whether there are other splits is looked at by the task, not by each.
                    return rule == null ? one : new EventTimeInput(one, rule.splitsInOrder(true), member, Clock.SYSTEM);
                },
                requests,
                errands,
                context.counters(),
                rule != null && rule.splitsInOrder(),
                aligned,
                Clock.SYSTEM);
        together = reading;
        return reading;
    }

    /** Of one split, whose rows the task counts. */
    private SourceReading one(Source own, SplitStart start, TaskContext context, Errands errands) {
        SourceContext offered = own.blocks() ? new SplitContext(context, errands) : context;
        SourceInput split = new SourceInput(own, offered, requests, context.hidden(), false, Clock.SYSTEM);
        split.assign(List.of(start), true);
        if (!own.blocks()) {
            return split;
        }
        String name = "read " + chain.head() + "/" + context.taskIndex() + " "
                + start.split().id();
        return new ReadAhead(name, split, new Waker(), READ_AHEAD_BYTES, waker::wake);
    }

    @Override
    public void close() throws Exception {
        // A task that could not open never took its inbox over, yet others may have sent to it.
        roads.in().abandon();
        if (aligned != null) {
            aligned.leave();
        }
        Connectors.OpenedSource fresh = opened;
        if (fresh != null && source == null) {
            fresh.source().close();
        }
    }

    /** Hands splits to the source; called by the worker's thread after the task has asked for them. */
    void assign(List<SplitStart> splits, boolean last) {
        SideBySide beside = together;
        if (beside != null) {
            beside.assign(splits, last);
            waker.wake();
        }
        SourceInput reading = source;
        if (reading != null) {
            reading.assign(splits, last);
            readerWaker.wake();
        }
    }

    private TaskContext context(StageId id) {
        TaskContext context = contexts.get(id);
        if (context == null) {
            throw new IllegalStateException("stage " + id + " is not of this chain");
        }
        return context;
    }
}
