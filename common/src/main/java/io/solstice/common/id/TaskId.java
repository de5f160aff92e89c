package io.solstice.common.id;

/**
 * One running instance of a chain of stages, shown as {@code job/stage/index}.
 *
 * @param stage the first stage of the chain
 * @param index from 0 to parallelism - 1
 */
public record TaskId(JobId job, StageId stage, int index) implements Comparable<TaskId> {
    @Override
    public int compareTo(TaskId other) {
        int byStage = stage.value().compareTo(other.stage.value());
        return byStage != 0 ? byStage : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return job + "/" + stage + "/" + index;
    }
}
