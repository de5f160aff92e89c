package io.solstice.worker.code;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.StageId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a job that was built again is the one that was submitted. When checkpoints are due may differ: whoever submits
 * a job may set it without the workflow knowing.
 */
final class GraphComparison {
    private final JobGraph submitted;
    private final JobGraph built;

    GraphComparison(JobGraph submitted, JobGraph built) {
        this.submitted = submitted;
        this.built = built;
    }

    /** What differs first, as an error that names stage and field; null if nothing does. */
    @Nullable
    SolsticeError difference() {
        SolsticeError found = whole();
        for (StageNode stage : submitted.stages()) {
            found = found == null ? stage(stage) : found;
        }
        return found == null ? edges() : found;
    }

    private @Nullable SolsticeError whole() {
        SolsticeError found = differs("", "job id", submitted.job(), built.job());
        found = found == null ? differs("", "key groups", submitted.keyGroups(), built.keyGroups()) : found;
        return found == null ? differs("", "stages", names(submitted), names(built)) : found;
    }

    private static List<StageId> names(JobGraph graph) {
        return graph.stages().stream().map(StageNode::id).toList();
    }

    private @Nullable SolsticeError stage(StageNode there) {
        StageNode here = built.stage(there.id());
        Map<String, Object> before = fields(there);
        Map<String, Object> now = fields(here);
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            SolsticeError found = differs(
                    "stage '" + there.id() + "', ",
                    name,
                    before.getOrDefault(name, "nothing"),
                    now.getOrDefault(name, "nothing"));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static Map<String, Object> fields(StageNode stage) {
        Map<String, Object> fields = new LinkedHashMap<>(stage.options());
        fields.put("role", stage.role());
        fields.put("operator", stage.operatorType());
        fields.put("parallelism", stage.parallelism());
        fields.put("resources", stage.resources());
        fields.put("reserved resources", stage.reserved());
        return fields;
    }

    private @Nullable SolsticeError edges() {
        for (StageNode stage : submitted.stages()) {
            List<Edge> there = submitted.inputs(stage.id());
            List<Edge> here = built.inputs(stage.id());
            SolsticeError found = differs("stage '" + stage.id() + "', ", "inputs", there, here);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable SolsticeError differs(String stage, String field, Object there, Object here) {
        return Objects.equals(there, here)
                ? null
                : ErrorCode.WORKFLOW_CHANGED
                        .error("createJob built another job on the worker than where it was submitted")
                        .where("job '" + submitted.job() + "', " + stage + field)
                        .cause("submitted: " + there + ", built on the worker: " + here)
                        .help("createJob must depend on its context alone: not on files, the environment, the time"
                                + " or chance; look such things up in a source, or pass them by the configuration");
    }
}
