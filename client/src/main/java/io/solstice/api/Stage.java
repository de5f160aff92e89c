package io.solstice.api;

import io.solstice.api.config.StageDefinition;
import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.Operator;
import io.solstice.api.sink.CustomSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.CustomSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceDefinition;
import io.solstice.api.time.Watermarks;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.StageId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One step of a job: what it does, how many tasks do it, and what each of them needs. Cannot be changed. */
public final class Stage {
    private final StageId id;
    private final StageDefinition definition;
    private final Parallelism parallelism;
    private final Resources resources;
    private final Resources reserved;
    private final @Nullable Partitioning partitioning;
    private final @Nullable Watermarks watermarks;

    private Stage(
            StageId id,
            StageDefinition definition,
            Parallelism parallelism,
            Resources resources,
            Resources reserved,
            @Nullable Partitioning partitioning,
            @Nullable Watermarks watermarks) {
        this.id = id;
        this.definition = definition;
        this.parallelism = parallelism;
        this.resources = resources;
        this.reserved = reserved;
        this.partitioning = partitioning;
        this.watermarks = watermarks;
    }

    /** A stage of one task with default resources, for example {@code Stage.of("in", LanceTableSource.of(path))}. */
    public static Stage of(String id, StageDefinition definition) {
        return new Stage(
                new StageId(id), definition, Parallelism.fixed(1), Resources.DEFAULT, Resources.NONE, null, null);
    }

    /** A source of one's own; the supplier is called once for each task and must give a new object each time. */
    public static Stage source(String id, Supplier<? extends Source> source) {
        return of(id, new CustomSource(source));
    }

    /** An operator of one's own; the supplier is called once for each task and must give a new object each time. */
    public static Stage operator(String id, Supplier<? extends Operator> operator) {
        return of(id, new CustomOperator(operator));
    }

    /** A sink of one's own; the supplier is called once for each task and must give a new object each time. */
    public static Stage sink(String id, Supplier<? extends Sink> sink) {
        return of(id, new CustomSink(sink));
    }

    /** The same, doing something else. */
    Stage doing(StageDefinition other) {
        return new Stage(id, other, parallelism, resources, reserved, partitioning, watermarks);
    }

    /** Always so many tasks. */
    public Stage parallelism(int tasks) {
        return parallelism(Parallelism.fixed(tasks));
    }

    /** Starts with {@code min} tasks and may grow to {@code max}. */
    public Stage parallelism(int min, int max) {
        return parallelism(Parallelism.between(min, max));
    }

    /** Starts with {@code initial} tasks and may shrink to {@code min} or grow to {@code max}. */
    public Stage parallelism(int initial, int min, int max) {
        return parallelism(new Parallelism(initial, min, max));
    }

    public Stage parallelism(Parallelism tasks) {
        return new Stage(id, definition, tasks, resources, reserved, partitioning, watermarks);
    }

    /** Cores that each task needs and must find free on its worker. */
    public Stage numCpus(double cores) {
        return needing(resources.withCpus(cores), reserved.withCpus(cores));
    }

    /** GPUs that each task needs and must find free on its worker. */
    public Stage numGpus(double gpus) {
        return needing(resources.withGpus(gpus), reserved.withGpus(gpus));
    }

    /** Memory that each task needs and must find free on its worker, in bytes. */
    public Stage memory(long bytes) {
        return needing(resources.withMemoryBytes(bytes), reserved.withMemoryBytes(bytes));
    }

    private Stage needing(Resources needed, Resources toReserve) {
        return new Stage(id, definition, parallelism, needed, toReserve, partitioning, watermarks);
    }

    /** All that each task needs and must find free on its worker. Without any of these four it shares what is there. */
    public Stage workerResources(Resources needed) {
        return new Stage(id, definition, parallelism, needed, needed, partitioning, watermarks);
    }

    /**
     * How the rows of the upstreams are divided among this stage's tasks. Without it: by key after a
     * {@code KeyByOperator}, else task to task where both sides have equally many, else to the task with the most room.
     */
    public Stage partitioning(Partitioning forced) {
        return new Stage(id, definition, parallelism, resources, reserved, forced, watermarks);
    }

    /**
     * How event time moves on with the rows of this stage, which must be a source. Without it the rows have no event
     * time, and windows over them are complete only at the end of the input.
     */
    public Stage watermarks(Watermarks rule) {
        if (!(definition instanceof SourceDefinition)) {
            throw ErrorCode.STAGE_ROLE
                    .error("stage '" + id + "' cannot have watermarks")
                    .where("stage '" + id + "'")
                    .cause("it is a " + definition.type() + ", and only sources make watermarks")
                    .help(
                            "give them to the source stage: Stage.of(\"in\", source).watermarks(…); for a column that stages"
                                    + " compute, put Stage.of(\"timed\", EventTimeOperator.by(…)) behind them")
                    .toException();
        }
        return new Stage(id, definition, parallelism, resources, reserved, partitioning, rule);
    }

    public StageId id() {
        return id;
    }

    public StageDefinition definition() {
        return definition;
    }

    public Parallelism parallelism() {
        return parallelism;
    }

    public Resources resources() {
        return resources;
    }

    /** Null for rows without event time, or of which other stages know it. */
    public @Nullable Watermarks watermarks() {
        return watermarks;
    }

    @Nullable
    Partitioning forcedPartitioning() {
        return partitioning;
    }

    StageRole role() {
        if (definition instanceof SourceDefinition) {
            return StageRole.SOURCE;
        }
        return definition instanceof SinkDefinition ? StageRole.SINK : StageRole.OPERATOR;
    }

    StageNode node() {
        Map<String, String> options = new LinkedHashMap<>(definition.options());
        if (watermarks != null) {
            options.putAll(watermarks.options());
        }
        return new StageNode(id, role(), definition.type(), parallelism, resources, reserved, options);
    }
}
