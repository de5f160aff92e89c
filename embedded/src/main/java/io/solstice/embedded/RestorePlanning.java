package io.solstice.embedded;

import io.solstice.api.Job;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Stage;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.state.KeyedOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.exchange.batch.Batch;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.RestorePreview;
import io.solstice.spi.RestorePlan;
import io.solstice.spi.RestorePlan.Change;
import io.solstice.spi.RestorePlan.Step;
import io.solstice.spi.StateFormat;
import io.solstice.spi.WrappedOperator;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.job.JobPlan;
import io.solstice.worker.operator.Operators;
import io.solstice.worker.userstate.DeclaredStates;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a job would begin with: the stages as the master compares them, and the states by key that each operator names
 * against those that the newest tables of the checkpoint have. Nothing is started and nothing is written.
 */
final class RestorePlanning {
    private final ObjectStore store;
    private final Job job;
    private final RestoreFrom from;
    private final Manifest manifest;
    private final boolean published;

    RestorePlanning(ObjectStore store, Job job, RestoreFrom from) {
        StateInspection found = new StateInspection(store, job.id(), from.checkpoint());
        this.store = store;
        this.job = job;
        this.from = from;
        this.manifest = found.manifest();
        this.published = found.isPublished();
    }

    RestorePlan plan() {
        JobGraph graph = job.graph();
        JobPlan checked = JobPlan.prepare(
                job, graph, new Connectors(Thread.currentThread().getContextClassLoader(), null));
        RestorePreview preview = new RestorePreview(manifest, published, ChainPlan.of(graph), from.renamedOnWire());
        SolsticeError refusal = preview.refusal(checked.rescalable());
        List<Step> steps = new ArrayList<>();
        for (RestorePreview.Stage stage : preview.stages()) {
            List<String> notes = new ArrayList<>();
            if (!stage.holds().isEmpty()) {
                notes.add("has " + stage.holds());
            }
            SolsticeError unfit = states(stage, notes);
            refusal = refusal == null ? unfit : refusal;
            steps.add(step(stage, notes));
        }
        return new RestorePlan(manifest.id().value(), steps, refusal);
    }

    private static Step step(RestorePreview.Stage stage, List<String> notes) {
        String before = stage.before() == null ? "" : stage.before().id().value();
        int tasksBefore = stage.before() == null ? 0 : stage.before().parallelism();
        if (stage.now() == null) {
            return new Step(before, before, Change.GONE, tasksBefore, 0, notes);
        }
        Change change = stage.before() == null ? Change.NEW : Change.KEPT;
        int tasks = stage.now().parallelism().initial();
        return new Step(stage.now().id().value(), before, change, tasksBefore, tasks, notes);
    }

    /** Compares the states of a keyed operator; why they do not fit, or null. */
    private @Nullable SolsticeError states(RestorePreview.Stage stage, List<String> notes) {
        if (stage.now() == null || stage.before() == null) {
            return null;
        }
        Map<Integer, StateObject> newest = new TreeMap<>();
        for (StateObject state : manifest.states()) {
            if (state.stage().equals(stage.before().id())) {
                newest.put(state.index(), state);
            }
        }
        try {
            DeclaredStates declared = declared(stage.now().id());
            if (declared == null || newest.isEmpty()) {
                return null;
            }
            try (BufferAllocator memory = new RootAllocator()) {
                for (StateObject table : newest.values()) {
                    read(table, declared, memory);
                }
            }
            notes.addAll(declared.inWords());
            return null;
        } catch (SolsticeException unfit) {
            return unfit.error().within("stage '" + stage.now().id() + "'");
        }
    }

    /** Null for an operator without state by key. */
    private @Nullable DeclaredStates declared(StageId stage) {
        Stage found = job.stage(stage);
        if (!(found.definition() instanceof OperatorDefinition definition)) {
            return null;
        }
        try (BatchOperator operator = Operators.create(definition)) {
            boolean keyed = operator instanceof WrappedOperator around && around.wrapped() instanceof KeyedOperator;
            return keyed ? DeclaredStates.of((KeyedOperator) ((WrappedOperator) operator).wrapped()) : null;
        } catch (SolsticeException known) {
            throw known;
        } catch (Exception failed) {
            throw ErrorCode.FUNCTION_FAILED
                    .error("the operator could not be made")
                    .cause(failed.toString())
                    .toException(failed);
        }
    }

    private void read(StateObject object, DeclaredStates declared, BufferAllocator memory) {
        try (InputStream content = store.open(new ObjectRef(object.key(), object.bytes(), object.sha256()))) {
            Batch table = StateFormat.read(object.key(), content, object.bytes(), memory)
                    .table();
            if (table != null) {
                try (table) {
                    declared.compare(table);
                }
            }
        } catch (IOException failed) {
            throw SolsticeException.of(failed);
        }
    }
}
