package io.solstice.api.operator;

import io.solstice.api.gpu.GpuContext;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.BufferAllocator;

/** What a task offers to its operator. */
public interface OperatorContext extends GpuContext {
    String jobId();

    String stageId();

    /** From 0 to {@link #parallelism()} - 1. */
    int taskIndex();

    int parallelism();

    /** For the vectors that the operator makes. What is left in it when the task ends is reported as a leak. */
    BufferAllocator allocator();

    /**
     * Counts rows that {@code skip_on_error} dropped and writes them to the dead-letter output.
     *
     * @param rows the batch the rows are in; stays the caller's
     * @param row the position of the row in the batch
     */
    void skip(Batch rows, int row, Throwable why);
}
