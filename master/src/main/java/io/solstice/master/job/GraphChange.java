package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.StateObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A checkpoint, and a job that wants to begin with it and may have changed since. */
final class GraphChange {
    private final Manifest manifest;
    private final ChainPlan plan;
    private final Map<StageId, StageNode> stages;

    GraphChange(Manifest manifest, ChainPlan plan) {
        this.manifest = manifest;
        this.plan = plan;
        this.stages = plan.graph().stages().stream().collect(Collectors.toMap(StageNode::id, Function.identity()));
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
            String holds = holds(before.id(), published);
            StageNode now = stages.get(before.id());
            if (holds.isEmpty()) {
                continue;
            }
            if (now == null) {
                lost.add("stage '" + before.id() + "' (" + before.operatorType() + ") is gone, but the checkpoint has "
                        + holds);
            } else if (unreachable(now) != null) {
                lost.add("stage '" + before.id() + "' has " + now.parallelism().initial()
                        + " tasks now, and none may have split '" + unreachable(now) + "'");
            } else if (!now.operatorType().equals(before.operatorType())) {
                lost.add("stage '" + before.id() + "' is now " + now.operatorType() + ", but the checkpoint has "
                        + holds + " of " + before.operatorType());
            }
        }
        JobGraph graph = plan.graph();
        if (graph.keyGroups() != manifest.keyGroups() && !manifest.states().isEmpty()) {
            lost.add("the number of key groups is now " + graph.keyGroups() + ", and was " + manifest.keyGroups());
        }
        return lost.isEmpty()
                ? null
                : ErrorCode.CHECKPOINT_UNFIT
                        .error("the job has changed too much since " + manifest.id())
                        .where("job '" + graph.job() + "'")
                        .cause(String.join("\n", lost))
                        .help("keep the ids of these stages, or begin anew with --restore-from none");
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

    /** What of the checkpoint is of one stage, in words; empty if nothing is. */
    private String holds(StageId stage, boolean published) {
        List<String> parts = new ArrayList<>();
        if (manifest.states().stream().anyMatch(state -> state.stage().equals(stage))) {
            parts.add("state");
        }
        SourcePlan source = manifest.source(stage);
        if (source != null && !source.remaining().isEmpty()) {
            parts.add(source.remaining().size() + " unread splits");
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
        return new RestorePoint(manifest.epoch(), states, finished());
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
