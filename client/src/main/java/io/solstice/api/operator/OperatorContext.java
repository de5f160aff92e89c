package io.solstice.api.operator;

import io.solstice.api.gpu.GpuContext;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** What a task offers to its operator. */
public interface OperatorContext extends GpuContext {
    String jobId();

    String stageId();

    /** From 0 to {@link #parallelism()} - 1. */
    int taskIndex();

    int parallelism();

    /**
     * The columns by whose values the rows are divided among the tasks of the stage, in order; empty if they are divided
     * in another way.
     */
    List<String> keyColumns();

    /**
     * A value that {@link #setState} kept under that name, or null. The engine keeps these values for the operator and
     * makes them part of every checkpoint; an operator that begins with a checkpoint finds them from {@code open} on.
     */
    @Nullable
    Object getState(String name);

    /**
     * Keeps a value, as a {@link io.solstice.api.row.Row} can hold it, in place of what was there; null forgets it. It is
     * copied at each checkpoint, so a list or map that is changed later need not be set again.
     */
    void setState(String name, @Nullable Object value);

    /** For the vectors that the operator makes. What is left in it when the task ends is reported as a leak. */
    BufferAllocator allocator();

    /** Whether a stage of {@link LateRows} stands behind this one, so that late rows are for {@link #late}. */
    default boolean givesLateRows() {
        return false;
    }

    /**
     * Takes over rows that came too late, as they came in, counts them and gives them to the stages that take them. Only
     * if {@link #givesLateRows}, and within a call that has an {@link Outbox}.
     */
    default void late(Batch rows) {
        rows.close();
        throw new IllegalStateException("no stage takes late rows");
    }

    /**
     * Counts rows that {@code skip_on_error} dropped and writes them to the dead-letter output.
     *
     * @param rows the batch the rows are in; stays the caller's
     * @param row the position of the row in the batch
     */
    void skip(Batch rows, int row, Throwable why);
}
