package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.StateObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stages that have another id than in the checkpoint that their job begins with.
 *
 * @param toNew from the id in the checkpoint to the id in the job
 */
record StageRenames(Map<StageId, StageId> toNew) {
    static final StageRenames NONE = new StageRenames(Map.of());

    StageRenames {
        toNew = Map.copyOf(toNew);
    }

    /** What the job says; a checkpoint that the very same submission took has its ids already. */
    static StageRenames of(JobSpec spec, Manifest manifest) {
        return manifest.isTakenBy(spec) ? NONE : new StageRenames(spec.restoreMap());
    }

    StageId now(StageId before) {
        return toNew.getOrDefault(before, before);
    }

    StageId before(StageId now) {
        return toNew.entrySet().stream()
                .filter(renamed -> renamed.getValue().equals(now))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(now);
    }

    /** Why the names do not fit checkpoint and job, or null if they do. */
    @Nullable
    SolsticeError refusal(Manifest manifest, JobGraph graph) {
        Set<StageId> there = manifest.stages().stream().map(Manifest.Stage::id).collect(Collectors.toSet());
        Set<StageId> here = graph.stages().stream().map(StageNode::id).collect(Collectors.toSet());
        Map<StageId, StageId> taken = new TreeMap<>(Comparator.comparing(StageId::value));
        for (StageId before : sorted(toNew.keySet())) {
            StageId now = now(before);
            if (!there.contains(before)) {
                return unknown(
                        before, now, "checkpoint " + manifest.id() + " has no stage '" + before + "'", before, there);
            } else if (!here.contains(now)) {
                return unknown(before, now, "the job has no stage '" + now + "'", now, here);
            }
        }
        for (StageId before : sorted(there)) {
            StageId other = taken.put(now(before), before);
            if (other != null) {
                return wrong(other, now(before))
                        .cause("both '" + other + "' and '" + before + "' of checkpoint " + manifest.id()
                                + " would be '" + now(before) + "'")
                        .help("give each stage of the checkpoint a stage of its own");
            }
        }
        return null;
    }

    private static Set<StageId> sorted(Set<StageId> ids) {
        Set<StageId> sorted = new TreeSet<>(Comparator.comparing(StageId::value));
        sorted.addAll(ids);
        return sorted;
    }

    private static SolsticeError unknown(StageId before, StageId now, String cause, StageId given, Set<StageId> known) {
        List<String> names = sorted(known).stream().map(StageId::value).toList();
        return wrong(before, now).cause(cause).help(NearestName.help(given.value(), names));
    }

    private static SolsticeError wrong(StageId before, StageId now) {
        return ErrorCode.OPTION_INVALID
                .error("stage '" + before + "' of the checkpoint cannot become '" + now + "'")
                .where("--restore-map " + before + "=" + now);
    }

    /** The checkpoint by the ids that its stages have now. */
    Manifest of(Manifest found) {
        return toNew.isEmpty()
                ? found
                : new Manifest(
                        found.id(),
                        found.epoch(),
                        found.run(),
                        found.term(),
                        found.millis(),
                        found.last(),
                        found.keyGroups(),
                        found.stages().stream().map(this::stage).toList(),
                        found.sources().stream().map(this::source).toList(),
                        found.states().stream().map(this::state).toList(),
                        found.finished().stream().map(this::task).toList(),
                        found.committables().stream().filter(this::isAsBefore).toList(),
                        found.count());
    }

    private Manifest.Stage stage(Manifest.Stage stage) {
        return new Manifest.Stage(now(stage.id()), stage.role(), stage.operatorType(), stage.parallelism());
    }

    private SourcePlan source(SourcePlan plan) {
        return new SourcePlan(now(plan.source()), plan.total(), plan.remaining());
    }

    private StateObject state(StateObject state) {
        return new StateObject(now(state.stage()), state.index(), state.key(), state.bytes(), state.sha256());
    }

    private TaskId task(TaskId task) {
        return new TaskId(task.job(), now(task.stage()), task.index());
    }

    /** A sink takes a new id only when its output is published; by that id it would publish it once more. */
    private boolean isAsBefore(Committable sealed) {
        return now(sealed.stage()).equals(sealed.stage());
    }
}
