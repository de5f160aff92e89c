package io.solstice.master.job;

import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.StateObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint: all that a job needs to go on from there.
 *
 * @param epoch its number within the job, rising over restarts
 * @param run the generation that took it
 * @param term of the master that completed it
 * @param millis when it was begun, since 1970-01-01 UTC
 * @param last nothing came after it: the job had read everything, or was told to stop
 * @param sources what was still to be read; the splits are never looked up again
 * @param finished tasks that had come to their end
 * @param committables what is to be published once the checkpoint is canonical
 * @param count how many there have been of the run, over all of its generations and masters
 */
public record Manifest(
        CheckpointId id,
        long epoch,
        RunId run,
        long term,
        long millis,
        boolean last,
        int keyGroups,
        List<Stage> stages,
        List<SourcePlan> sources,
        List<StateObject> states,
        List<TaskId> finished,
        List<Committable> committables,
        Count count) {
    public Manifest {
        stages = List.copyOf(stages);
        sources = List.copyOf(sources);
        states = List.copyOf(states);
        finished = List.copyOf(finished);
        committables = List.copyOf(committables);
    }

    /**
     * Checkpoints of one submission of a job.
     *
     * @param completed with this one
     * @param failed before it
     */
    public record Count(int completed, int failed) {
        /** Of a checkpoint that nobody counts. */
        public static final Count NONE = new Count(0, 0);
    }

    /** A stage as it was. */
    public record Stage(StageId id, StageRole role, String operatorType, int parallelism) {}

    static List<Stage> stages(JobGraph graph) {
        return graph.stages().stream()
                .map(stage -> new Stage(
                        stage.id(),
                        stage.role(),
                        stage.operatorType(),
                        stage.parallelism().initial()))
                .toList();
    }

    /** Of a job that has not begun. */
    public static Manifest untouched(CheckpointId id, JobGraph graph, long epoch, long millis) {
        RunId none = new RunId(graph.job(), 0);
        return new Manifest(
                id,
                epoch,
                none,
                0,
                millis,
                false,
                graph.keyGroups(),
                stages(graph),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Count.NONE);
    }

    /** Whether this very submission of the job took it, in whatever run of it. */
    public boolean isTakenBy(JobSpec spec) {
        return spec.job().equals(job()) && isTakenBy(spec, id, run.generation(), epoch, term);
    }

    /** Like {@link #isTakenBy(JobSpec)}, of a checkpoint of the job of which no more than this is known. */
    public static boolean isTakenBy(JobSpec spec, CheckpointId id, long generation, long epoch, long term) {
        return Attempt.isOf(spec, id, generation, epoch, term);
    }

    public JobId job() {
        return run.job();
    }

    public @Nullable SourcePlan source(StageId id) {
        return sources.stream()
                .filter(plan -> plan.source().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Of all objects of state that it names. */
    public long bytes() {
        return states.stream().mapToLong(StateObject::bytes).sum();
    }
}
