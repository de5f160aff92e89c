package io.solstice.api.sink;

import io.solstice.api.gpu.GpuContext;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What a task offers to its sink. */
public interface SinkContext extends GpuContext {
    String jobId();

    String stageId();

    int taskIndex();

    int parallelism();

    /** The schema that the rows will have, or null if it shows only while running. */
    @Nullable
    Schema inputSchema();

    /** Names one run of the job, so that staged files of different runs never meet. */
    String runId();

    /**
     * Numbers the writers of a task: greater than the epochs of all checkpoints before it, and 1 for the first writer of
     * a job that begins with nothing.
     */
    long epoch();

    /** Whether the rows will come to an end by themselves. */
    boolean isBounded();

    BufferAllocator allocator();
}
