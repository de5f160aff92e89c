package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a job could begin with a checkpoint, found as when it does, and what it would keep of it. */
public final class RestorePreview {
    private final Manifest manifest;
    private final boolean published;
    private final ChainPlan plan;
    private final StageRenames renames;

    /**
     * What becomes of a stage.
     *
     * @param now null if the job has it no more
     * @param before null if the checkpoint does not know it
     * @param holds what the checkpoint has of it, in words; empty for nothing
     */
    public record Stage(@Nullable StageNode now, Manifest.@Nullable Stage before, String holds) {}

    /**
     * @param published whether the checkpoint's output is visible
     * @param renamed from the id in the checkpoint to that in the job
     */
    public RestorePreview(Manifest manifest, boolean published, ChainPlan plan, Map<StageId, StageId> renamed) {
        this.manifest = manifest;
        this.published = published;
        this.plan = plan;
        this.renames = new StageRenames(renamed);
    }

    /**
     * Why the job could not begin with the checkpoint; null if it could.
     *
     * @param rescalable stages whose state can be divided among another number of tasks
     */
    public @Nullable SolsticeError refusal(Set<StageId> rescalable) {
        SolsticeError misnamed = renames.refusal(manifest, plan.graph());
        if (misnamed != null) {
            return misnamed;
        }
        GraphChange change = new GraphChange(manifest, plan, renames);
        SolsticeError lost = change.refusal(published);
        return lost == null ? change.refusal(rescalable) : lost;
    }

    /** The stages of the job, and then those that are gone. */
    public List<Stage> stages() {
        GraphChange change = new GraphChange(manifest, plan, renames);
        List<Stage> stages = new ArrayList<>();
        for (StageNode node : plan.graph().stages()) {
            StageId id = renames.before(node.id());
            stages.add(new Stage(node, before(id), change.holds(node.id(), published)));
        }
        for (Manifest.Stage before : manifest.stages()) {
            StageId now = renames.now(before.id());
            if (plan.graph().stages().stream().noneMatch(node -> node.id().equals(now))) {
                stages.add(new Stage(null, before, change.holds(now, published)));
            }
        }
        return stages;
    }

    private Manifest.@Nullable Stage before(StageId id) {
        return manifest.stages().stream()
                .filter(stage -> stage.id().equals(id))
                .findFirst()
                .orElse(null);
    }
}
