package io.solstice.embedded;

import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.exchange.batch.Batch;
import io.solstice.master.checkpoint.CheckpointShelf;
import io.solstice.master.checkpoint.StoredCheckpoint;
import io.solstice.master.job.Manifest;
import io.solstice.spi.StageState;
import io.solstice.spi.StateFormat;
import io.solstice.worker.userstate.StateRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Reads the state of a job in one of its checkpoints, verified, without a master or a worker. */
final class StateInspection {
    private final ObjectStore store;
    private final Manifest manifest;
    private final boolean published;

    /** @param checkpoint an id, a beginning that only one has, or {@code latest} */
    StateInspection(ObjectStore store, JobId job, String checkpoint) {
        this.store = store;
        StoredCheckpoint found = find(CheckpointShelf.of(store, job).all(), job, checkpoint);
        this.manifest = found.manifest();
        this.published = found.published();
    }

    Manifest manifest() {
        return manifest;
    }

    /** Whether its output is known to be visible. */
    boolean isPublished() {
        return published;
    }

    private static StoredCheckpoint find(List<StoredCheckpoint> newestFirst, JobId job, String checkpoint) {
        List<String> ids = newestFirst.stream().map(known -> known.id().value()).toList();
        List<StoredCheckpoint> found = newestFirst.stream()
                .filter(known ->
                        checkpoint.equals("latest") || known.id().value().startsWith(checkpoint))
                .toList();
        boolean latest = checkpoint.equals("latest") && !found.isEmpty();
        if (!latest && found.size() != 1) {
            throw ErrorCode.CHECKPOINT_UNKNOWN
                    .error(
                            ids.isEmpty()
                                    ? "job '" + job + "' has no checkpoint in this state backend"
                                    : (found.isEmpty() ? "no checkpoint" : found.size() + " checkpoints") + " of job '"
                                            + job + "' are called '" + checkpoint + "'")
                    .where("job '" + job + "'")
                    .help(
                            ids.isEmpty()
                                    ? "name the state backend of the job with --state-path"
                                    : NearestName.help(checkpoint, ids))
                    .toException();
        }
        return found.get(0);
    }

    List<StageState> stages() {
        Map<StageId, List<StateObject>> byStage = new LinkedHashMap<>();
        for (Manifest.Stage stage : manifest.stages()) {
            byStage.put(stage.id(), new ArrayList<>());
        }
        manifest.states()
                .forEach(state -> byStage.computeIfAbsent(state.stage(), none -> new ArrayList<>())
                        .add(state));
        return manifest.stages().stream()
                .filter(stage -> !byStage.getOrDefault(stage.id(), List.of()).isEmpty())
                .map(stage -> described(stage, byStage.getOrDefault(stage.id(), List.of())))
                .toList();
    }

    private StageState described(Manifest.Stage stage, List<StateObject> states) {
        return new StageState(
                manifest.id().value(),
                stage.id().value(),
                stage.operatorType(),
                stage.parallelism(),
                states.size(),
                states.stream().mapToLong(StateObject::bytes).sum());
    }

    List<Row> rows(String stage) {
        Map<Integer, StateRows> tasks = new LinkedHashMap<>();
        List<Row> rows = new ArrayList<>();
        boolean any = false;
        try (BufferAllocator memory = new RootAllocator()) {
            for (StateObject state : manifest.states()) {
                if (state.stage().value().equals(stage)) {
                    any = true;
                    read(state, tasks.computeIfAbsent(state.index(), none -> new StateRows(memory)), rows, memory);
                }
            }
            tasks.values().forEach(task -> rows.addAll(task.rows()));
        }
        if (!any) {
            List<String> known = stages().stream().map(StageState::stage).toList();
            throw ErrorCode.OPTION_INVALID
                    .error("stage '" + stage + "' has no state in " + manifest.id())
                    .where("job '" + manifest.job() + "'")
                    .cause(known.isEmpty() ? "no stage has" : "those that have are " + known)
                    .help(NearestName.help(stage, known))
                    .toException();
        }
        return rows;
    }

    private void read(StateObject object, StateRows tables, List<Row> rows, BufferAllocator memory) {
        try (InputStream content = store.open(new ObjectRef(object.key(), object.bytes(), object.sha256()))) {
            StateFormat.Found found = StateFormat.read(object.key(), content, object.bytes(), memory);
            Batch table = found.table();
            if (table != null) {
                try (table) {
                    tables.add(table);
                }
                return;
            }
            Row row = Row.of("task", object.index());
            for (Row part : List.of(found.state().checkpoint(), found.state().values())) {
                for (String name : part.names()) {
                    row = row.with(name, part.get(name));
                }
            }
            rows.add(row);
        } catch (IOException failed) {
            throw SolsticeException.of(failed);
        }
    }
}
