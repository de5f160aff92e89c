package io.solstice.worker.job;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.EventTimeOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.operator.WindowOperator;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceDefinition;
import io.solstice.api.time.Watermarks;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.KeyHash;
import io.solstice.spi.Tabular;
import io.solstice.spi.TwoInputs;
import io.solstice.spi.WrappedOperator;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.operator.Operators;
import io.solstice.worker.task.UserFailure;
import io.solstice.worker.time.TimeColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job checked against the outside world, before any task starts or anything is written: sources exist, columns and
 * types fit from stage to stage as far as they are known, and targets can be written.
 *
 * @param inputs for each stage the schema of its input, if it is known before the job runs
 * @param splits for each source stage, its splits
 * @param rescalable the stages whose state can be divided among another number of tasks
 */
public record JobPlan(Map<StageId, Schema> inputs, Map<StageId, List<Split>> splits, Set<StageId> rescalable) {

    public static JobPlan prepare(Job job, JobGraph graph, Connectors connectors) {
        return new Preparation(job, graph, connectors).run();
    }

    /** The schema of the stage's input, or null if it shows only while running. */
    public @Nullable Schema input(StageId stage) {
        return inputs.get(stage);
    }

    private static final class Preparation {
        private final Job job;
        private final JobGraph graph;
        private final Connectors connectors;
        private final Map<StageId, Schema> inputs = new HashMap<>();
        private final Map<StageId, Schema> outputs = new HashMap<>();
        private final Map<StageId, List<Split>> splits = new HashMap<>();
        private final Set<StageId> rescalable = new HashSet<>();
        /** The stages whose rows never come to an end. */
        private final Set<StageId> endless = new HashSet<>();
        /** Those of them where nothing tells how far event time has come. */
        private final Set<StageId> timeless = new HashSet<>();

        /** Those before which a source waits for others to come near. */
        private final Set<StageId> aligned = new HashSet<>();

        private boolean bounded = true;

        Preparation(Job job, JobGraph graph, Connectors connectors) {
            this.job = job;
            this.graph = graph;
            this.connectors = connectors;
        }

        JobPlan run() {
            Set<StageId> done = new HashSet<>();
            // Sources first: whether the rows come to an end is known before any sink is asked.
            List<StageNode> left = new ArrayList<>(graph.stages());
            left.sort(Comparator.comparing(node -> node.role() != StageRole.SOURCE));
            while (!left.isEmpty()) {
                StageNode next = left.stream()
                        .filter(node ->
                                graph.inputs(node.id()).stream().map(Edge::from).allMatch(done::contains))
                        .findFirst()
                        .orElseThrow();
                prepare(job.stage(next.id()));
                done.add(next.id());
                left.remove(next);
            }
            return new JobPlan(inputs, splits, rescalable);
        }

        private void prepare(Stage stage) {
            try {
                if (stage.definition() instanceof SourceDefinition source) {
                    prepareSource(stage, source);
                } else if (stage.definition() instanceof OperatorDefinition operator) {
                    prepareOperator(stage.id(), operator);
                } else {
                    prepareSink(stage, (SinkDefinition) stage.definition());
                }
            } catch (Exception | LinkageError failure) {
                throw located(failure, stage.id());
            }
        }

        private SolsticeException located(Throwable failure, StageId stage) {
            return UserFailure.located(failure, "stage '" + stage + "'").within("job '" + graph.job() + "'");
        }

        private void prepareSource(Stage stage, SourceDefinition definition) throws Exception {
            StageId id = stage.id();
            Connectors.OpenedSource opened = connectors.source(definition);
            try (Source source = opened.source()) {
                Schema schema = source.schema();
                Watermarks rule = stage.watermarks();
                if (rule != null) {
                    TimeColumn.of(schema, rule.column());
                }
                if (opened.residual() != null) {
                    Operators.filter(opened.residual()).outputSchema(schema);
                }
                outputs.put(id, schema);
                List<Split> found = List.copyOf(source.splits());
                requireTaken(found, stage.parallelism().initial());
                splits.put(id, found);
                bounded &= source.isBounded();
                if (rule != null && rule.isAligned()) {
                    aligned.add(id);
                }
                if (!source.isBounded()) {
                    endless.add(id);
                    if (rule == null) {
                        timeless.add(id);
                    }
                }
            }
        }

        private static void requireTaken(List<Split> found, int tasks) {
            for (Split split : found) {
                if (split.task() >= tasks) {
                    throw ErrorCode.OPTION_INVALID
                            .error("no task may have '" + split.id() + "' of the source")
                            .cause("it is for task " + split.task() + ", and the stage has tasks 0 to " + (tasks - 1))
                            .help("give the stage parallelism " + (split.task() + 1) + " or the source fewer places")
                            .toException();
                }
            }
        }

        private void prepareOperator(StageId id, OperatorDefinition definition) throws Exception {
            if (definition instanceof JoinOperator join) {
                prepareJoin(id, join);
                return;
            }
            Schema input = inputOf(id);
            follow(id, aligned);
            if (isEndless(id)) {
                endless.add(id);
                requireWindow(definition);
            }
            if (isTimeless(id) && !(definition instanceof EventTimeOperator)) {
                timeless.add(id);
                requireTime(definition);
            }
            try (BatchOperator operator = Operators.create(definition)) {
                Operators.requireKeys(operator, new StageKeys(graph, inputs).columns(id));
                if (WrappedOperator.rescalable(operator) != null || operator instanceof Tabular) {
                    rescalable.add(id);
                }
                if (input == null) {
                    return;
                }
                inputs.put(id, input);
                Schema output = operator.outputSchema(input);
                if (output != null) {
                    outputs.put(id, output);
                }
            }
        }

        /** What is true of an upstream is true of the stage. */
        private void follow(StageId id, Set<StageId> those) {
            if (graph.inputs(id).stream().map(Edge::from).anyMatch(those::contains)) {
                those.add(id);
            }
        }

        private boolean isEndless(StageId id) {
            return graph.inputs(id).stream().map(Edge::from).anyMatch(endless::contains);
        }

        private boolean isTimeless(StageId id) {
            return graph.inputs(id).stream().map(Edge::from).anyMatch(timeless::contains);
        }

        private void prepareJoin(StageId id, JoinOperator definition) throws Exception {
            StageId left = new StageId(definition.leftStage());
            StageId right = new StageId(definition.rightStage());
            JoinInputs.requireFit(definition, endless.contains(left), endless.contains(right), isTimeless(id));
            JoinInputs.requireNoWait(definition, aligned.contains(left) && aligned.contains(right));
            follow(id, aligned);
            if (isEndless(id)) {
                endless.add(id);
            }
            if (isTimeless(id)) {
                timeless.add(id);
            }
            Schema leftColumns = JoinInputs.required(left, outputs.get(left));
            Schema rightColumns = JoinInputs.required(right, outputs.get(right));
            try (TwoInputs operator = (TwoInputs) Operators.create(definition)) {
                outputs.put(id, operator.outputSchema(leftColumns, rightColumns));
            }
            inputs.put(id, SideSchemas.together(left, leftColumns, right, rightColumns));
            rescalable.add(id);
        }

        /** Without one, the result would never come. */
        private static void requireWindow(OperatorDefinition definition) {
            if (definition instanceof AggregateOperator aggregate && aggregate.window() == null) {
                throw ErrorCode.OPTION_MISSING
                        .error("an aggregation without a window would never have a result")
                        .where("AggregateOperator")
                        .cause("a source before it never comes to an end")
                        .help("add .window(Windows.tumbling(…)), or read an input that ends")
                        .toException();
            }
        }

        /** Without it no window would ever be complete. */
        private static void requireTime(OperatorDefinition definition) {
            String time = definition instanceof AggregateOperator aggregate
                    ? aggregate.time()
                    : definition instanceof WindowOperator windows ? windows.time() : null;
            if (time != null) {
                throw ErrorCode.OPTION_MISSING
                        .error("windows over an input without end need watermarks, or none would have a result")
                        .where(definition.type())
                        .cause("a source before it never comes to an end and says nothing of event time")
                        .help("add .watermarks(Watermarks.of(\"" + time + "\")) to the source stage, or"
                                + " put an EventTimeOperator stage behind what computes the time")
                        .toException();
            }
        }

        private void prepareSink(Stage stage, SinkDefinition definition) throws Exception {
            Schema input = inputOf(stage.id());
            if (input != null) {
                inputs.put(stage.id(), input);
            }
            try (Sink sink = connectors.sink(definition)) {
                sink.validate(input, stage.parallelism().initial(), bounded);
            }
        }

        /** The one schema of all upstreams, or null if one of them is not known. */
        private @Nullable Schema inputOf(StageId id) {
            Schema common = null;
            StageId first = id;
            for (Edge edge : graph.inputs(id)) {
                boolean late = job.stage(id).definition() instanceof LateRows;
                Schema schema = (late ? inputs : outputs).get(edge.from());
                if (schema == null) {
                    return null;
                }
                edge.keyColumns()
                        .forEach(key ->
                                KeyHash.requireHashable(schema.getFields().get(Batch.indexOf(schema, key))));
                if (common == null) {
                    common = schema;
                    first = edge.from();
                } else {
                    requireEqual(first, common, edge.from(), schema);
                }
            }
            return common;
        }

        private static void requireEqual(StageId first, Schema one, StageId second, Schema other) {
            List<Field> left = one.getFields();
            List<Field> right = other.getFields();
            for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
                Field a = i < left.size() ? left.get(i) : null;
                Field b = i < right.size() ? right.get(i) : null;
                if (a == null
                        || b == null
                        || !a.getName().equals(b.getName())
                        || !Objects.equals(a.getType(), b.getType())) {
                    throw ErrorCode.TYPE_MISMATCH
                            .error("upstreams '" + first + "' and '" + second + "' deliver different columns")
                            .cause("column " + (i + 1) + " is " + described(a) + " in the one and " + described(b)
                                    + " in the other")
                            .help("bring both to the same columns with MapOperator.select before they meet")
                            .toException();
                }
            }
        }

        private static String described(@Nullable Field field) {
            return field == null ? "missing" : "'" + field.getName() + "' " + field.getType();
        }
    }
}
