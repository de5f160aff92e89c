package io.solstice.master.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateObject;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.SourcePlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** A manifest as JSON, which people may read and later versions must. */
public final class ManifestJson {
    private static final int VERSION = 1;

    private ManifestJson() {}

    public static byte[] write(Manifest manifest) {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        json.addProperty("checkpoint_id", manifest.id().value());
        json.addProperty("job_id", manifest.job().value());
        json.addProperty("epoch", manifest.epoch());
        json.addProperty("generation", manifest.run().generation());
        json.addProperty("term", manifest.term());
        json.addProperty("timestamp_millis", manifest.millis());
        json.addProperty("last", manifest.last());
        json.addProperty("key_groups", manifest.keyGroups());
        json.addProperty("completed_checkpoints", manifest.count().completed());
        json.addProperty("failed_checkpoints", manifest.count().failed());
        json.add("stages", array(manifest.stages(), ManifestJson::stage));
        json.add("sources", array(manifest.sources(), ManifestJson::source));
        json.add("states", array(manifest.states(), ManifestJson::state));
        json.add("finished_tasks", array(manifest.finished(), ManifestJson::task));
        json.add("committables", array(manifest.committables(), ManifestJson::committable));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static <T> JsonArray array(List<T> parts, Function<T, JsonObject> form) {
        JsonArray array = new JsonArray();
        parts.forEach(part -> array.add(form.apply(part)));
        return array;
    }

    private static JsonObject stage(Manifest.Stage stage) {
        JsonObject json = new JsonObject();
        json.addProperty("stage_id", stage.id().value());
        json.addProperty("role", stage.role().name());
        json.addProperty("operator_type", stage.operatorType());
        json.addProperty("parallelism", stage.parallelism());
        return json;
    }

    private static JsonObject source(SourcePlan source) {
        JsonObject json = new JsonObject();
        json.addProperty("stage_id", source.source().value());
        json.addProperty("total_splits", source.total());
        json.add("remaining", array(source.remaining(), ManifestJson::start));
        return json;
    }

    private static JsonObject start(SplitStart start) {
        JsonObject json = new JsonObject();
        json.addProperty("split_id", start.split().id());
        json.addProperty("payload", start.split().payload());
        json.addProperty("rows", start.split().rows());
        json.addProperty("only_task", start.split().task());
        json.addProperty("rows_done", start.rows());
        if (start.watermark() != SplitStart.NO_TIME) {
            json.addProperty("watermark", start.watermark());
        }
        return json;
    }

    private static JsonObject state(StateObject state) {
        JsonObject json = new JsonObject();
        json.addProperty("stage_id", state.stage().value());
        json.addProperty("task", state.index());
        json.addProperty("key", state.key());
        json.addProperty("bytes", state.bytes());
        json.addProperty("sha256", state.sha256());
        return json;
    }

    private static JsonObject task(TaskId task) {
        JsonObject json = new JsonObject();
        json.addProperty("stage_id", task.stage().value());
        json.addProperty("task", task.index());
        return json;
    }

    private static JsonObject committable(Committable sealed) {
        JsonObject json = new JsonObject();
        json.addProperty("stage_id", sealed.stage().value());
        json.addProperty("task", sealed.taskIndex());
        json.addProperty("payload", sealed.payload());
        return json;
    }

    /** @param key of the object, for messages */
    public static Manifest read(String key, byte[] bytes) {
        return JsonReading.parse(key, bytes, json -> read(key, json));
    }

    private static Manifest read(String key, JsonReading json) {
        if (json.small("version") != VERSION) {
            throw ErrorCode.OBJECT_DAMAGED
                    .error("the checkpoint in '" + key + "' is of a form that this release does not know")
                    .cause("found version " + json.small("version") + ", expected " + VERSION)
                    .help("restore it with the release that wrote it, or a newer one")
                    .toException();
        }
        JobId job = new JobId(json.text("job_id"));
        return new Manifest(
                new CheckpointId(json.text("checkpoint_id")),
                json.whole("epoch"),
                new RunId(job, json.whole("generation")),
                json.whole("term"),
                json.whole("timestamp_millis"),
                json.truth("last"),
                json.small("key_groups"),
                json.list("stages", ManifestJson::stage),
                json.list("sources", ManifestJson::source),
                json.list("states", ManifestJson::state),
                json.list("finished_tasks", part -> new TaskId(job, stageId(part), part.small("task"))),
                json.list(
                        "committables",
                        part -> new Committable(stageId(part), part.small("task"), part.text("payload"))),
                new Manifest.Count(json.small("completed_checkpoints", 0), json.small("failed_checkpoints", 0)));
    }

    private static StageId stageId(JsonReading json) {
        return new StageId(json.text("stage_id"));
    }

    private static Manifest.Stage stage(JsonReading json) {
        return new Manifest.Stage(
                stageId(json),
                StageRole.valueOf(json.text("role")),
                json.text("operator_type"),
                json.small("parallelism"));
    }

    private static SourcePlan source(JsonReading json) {
        return new SourcePlan(stageId(json), json.small("total_splits"), json.list("remaining", ManifestJson::start));
    }

    private static SplitStart start(JsonReading json) {
        Split split =
                new Split(json.text("split_id"), json.text("payload"), json.whole("rows"), json.small("only_task"));
        return new SplitStart(split, json.whole("rows_done"), json.whole("watermark", SplitStart.NO_TIME));
    }

    private static StateObject state(JsonReading json) {
        return new StateObject(
                stageId(json), json.small("task"), json.text("key"), json.whole("bytes"), json.text("sha256"));
    }
}
