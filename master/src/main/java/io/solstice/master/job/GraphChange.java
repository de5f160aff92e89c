package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.StateObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint, and a job that wants to begin with it and may have changed since. The checkpoint is looked at by the ids
 * that its stages have now.
 */
final class GraphChange {
    private final Manifest manifest;
    private final StageRenames renames;
    private final ChainPlan plan;
    private final Map<StageId, StageNode> stages;

    /** Of a checkpoint that knows the stages by the job's own ids. */
    GraphChange(Manifest manifest, ChainPlan plan) {
        this(manifest, plan, StageRenames.NONE);
    }

    GraphChange(Manifest found, ChainPlan plan, StageRenames renames) {
        this.manifest = renames.of(found);
        this.renames = renames;
        this.plan = plan;
        this.stages = plan.graph().stages().stream().collect(Collectors.toMap(StageNode::id, Function.identity()));
    }

    /** The checkpoint by the ids that the stages have now. */
    Manifest manifest() {
        return manifest;
    }

    /**
     * Why the job cannot begin with the checkpoint, or null if it can. Stages may come and go as long as nothing that the
     * checkpoint holds for them is lost.
     *
     * @param published whether the checkpoint's output is visible already
     */
    @Nullable
    SolsticeError refusal(boolean published) {
        List<String> lost = new ArrayList<>();
        for (Manifest.Stage before : manifest.stages()) {
            difference(before, published).ifPresent(lost::add);
        }
        JobGraph graph = plan.graph();
        if (graph.keyGroups() != manifest.keyGroups() && !manifest.states().isEmpty()) {
            lost.add("the number of key groups is now " + graph.keyGroups() + ", and was " + manifest.keyGroups());
        }
        return lost.isEmpty()
                ? null
                : unfit(lost)
                        .help("keep these stages as they were" + renaming()
                                + ", or begin anew with --restore-from none");
    }

    private SolsticeError unfit(List<String> lost) {
        return ErrorCode.CHECKPOINT_UNFIT
                .error("the job has changed too much since " + manifest.id())
                .where("job '" + plan.graph().job() + "'")
                .cause(String.join("\n", lost));
    }

    private Optional<String> difference(Manifest.Stage before, boolean published) {
        String holds = holds(before.id(), published);
        StageNode now = stages.get(before.id());
        if (now != null && holdsBack(before, published)) {
            return Optional.of(
                    name(before) + " is a sink, which knows what it has written by its id, and the checkpoint"
                            + " is not one of 'job stop --savepoint' whose output is published");
        } else if (holds.isEmpty()) {
            return Optional.empty();
        } else if (now == null) {
            return Optional.of(
                    name(before) + " (" + before.operatorType() + ") is gone, but the checkpoint has " + holds);
        } else if (unreachable(now) != null) {
            return Optional.of(name(before) + " has " + tasks(now.parallelism().initial())
                    + " now, and none may have split '" + unreachable(now) + "'");
        } else if (!now.operatorType().equals(before.operatorType())) {
            return Optional.of(name(before) + " is now " + now.operatorType() + ", but the checkpoint has " + holds
                    + " of " + before.operatorType());
        }
        return Optional.empty();
    }

    /**
     * Why the job cannot begin with the checkpoint as its operators are, or null if it can: the state of a stage with
     * another number of tasks has to be divided anew.
     *
     * @param rescalable the stages of which that can be done
     */
    @Nullable
    SolsticeError refusal(Set<StageId> rescalable) {
        List<String> lost = manifest.stages().stream()
                .filter(before -> hasState(before.id()) && !rescalable.contains(before.id()))
                .map(this::division)
                .flatMap(Optional::stream)
                .toList();
        return lost.isEmpty()
                ? null
                : unfit(lost)
                        .help("let the operator implement Rescalable, which divides its state, give the stage the"
                                + " parallelism that it had, or begin anew with --restore-from none");
    }

    private Optional<String> division(Manifest.Stage before) {
        StageNode now = stages.get(before.id());
        return now == null || now.parallelism().initial() == before.parallelism()
                ? Optional.empty()
                : Optional.of(name(before) + " has " + tasks(now.parallelism().initial())
                        + " now, but the checkpoint has state of " + tasks(before.parallelism()));
    }

    /** Whether a sink of another id may have committed something that it has not finished. */
    private boolean holdsBack(Manifest.Stage stage, boolean published) {
        boolean done = manifest.last() && published;
        return stage.role() == StageRole.SINK
                && !done
                && !renames.before(stage.id()).equals(stage.id());
    }

    private String name(Manifest.Stage stage) {
        StageId before = renames.before(stage.id());
        return "stage '" + before + "'" + (before.equals(stage.id()) ? "" : ", now '" + stage.id() + "',");
    }

    private static String tasks(int count) {
        return count == 1 ? "1 task" : count + " tasks";
    }

    /** Which stage may have been renamed: one is gone, and one of its type is new. */
    private String renaming() {
        Set<StageId> known = manifest.stages().stream().map(Manifest.Stage::id).collect(Collectors.toSet());
        for (Manifest.Stage gone : manifest.stages()) {
            if (!stages.containsKey(gone.id())) {
                Optional<StageNode> now = plan.graph().stages().stream()
                        .filter(node -> !known.contains(node.id())
                                && node.operatorType().equals(gone.operatorType()))
                        .findFirst();
                if (now.isPresent()) {
                    return ", name their new ids (--restore-map " + renames.before(gone.id()) + "="
                            + now.get().id() + ")";
                }
            }
        }
        return "";
    }

    /** A split that only a task may have which the stage does not have any more. */
    private @Nullable String unreachable(StageNode stage) {
        SourcePlan source = manifest.source(stage.id());
        return source == null
                ? null
                : source.remaining().stream()
                        .filter(start ->
                                start.split().task() >= stage.parallelism().initial())
                        .map(start -> start.split().id())
                        .findFirst()
                        .orElse(null);
    }

    private boolean hasState(StageId stage) {
        return manifest.states().stream().anyMatch(state -> state.stage().equals(stage));
    }

    /** What of the checkpoint is of one stage, in words; empty if nothing is. */
    String holds(StageId stage, boolean published) {
        List<String> parts = new ArrayList<>();
        if (hasState(stage)) {
            parts.add("state");
        }
        SourcePlan source = manifest.source(stage);
        if (source != null && !source.remaining().isEmpty()) {
            int unread = source.remaining().size();
            parts.add(unread == 1 ? "1 unread split" : unread + " unread splits");
        }
        boolean pending = manifest.committables().stream()
                .anyMatch(output -> output.stage().equals(stage));
        if (pending && !published) {
            parts.add("output that is not published yet");
        }
        return String.join(" and ", parts);
    }

    /** What the tasks begin with. */
    RestorePoint restorePoint() {
        List<StateObject> states = manifest.states().stream()
                .filter(state -> stages.containsKey(state.stage()))
                .toList();
        Map<StageId, Integer> tasks = new HashMap<>();
        manifest.stages().stream()
                .filter(before -> hasState(before.id()) && stages.containsKey(before.id()))
                .forEach(before -> tasks.put(before.id(), before.parallelism()));
        return new RestorePoint(manifest.epoch(), states, tasks, finished());
    }

    /** A stage that has another number of tasks now has come to its end only if all of its tasks had. */
    private List<TaskId> finished() {
        Set<TaskId> before = Set.copyOf(manifest.finished());
        List<TaskId> finished = new ArrayList<>();
        plan.chains().forEach(chain -> {
            int tasks = chain.parallelism().initial();
            int then = tasksThen(chain.head());
            boolean all = then > 0
                    && before.stream()
                                    .filter(task -> task.stage().equals(chain.head()))
                                    .count()
                            == then;
            for (int i = 0; i < tasks; i++) {
                TaskId task = new TaskId(plan.graph().job(), chain.head(), i);
                if (all || then == tasks && before.contains(task)) {
                    finished.add(task);
                }
            }
        });
        return finished;
    }

    private int tasksThen(StageId stage) {
        return manifest.stages().stream()
                .filter(before -> before.id().equals(stage))
                .mapToInt(Manifest.Stage::parallelism)
                .findFirst()
                .orElse(0);
    }
}
