package io.solstice.worker.job;

import io.solstice.api.sink.SinkContext;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** One stage of one task between two cuts, as its sink's writer sees it. */
record SinkTask(TaskContext task, boolean isBounded, long epoch) implements SinkContext {
    @Override
    public String jobId() {
        return task.jobId();
    }

    @Override
    public String stageId() {
        return task.stageId();
    }

    @Override
    public int taskIndex() {
        return task.taskIndex();
    }

    @Override
    public int parallelism() {
        return task.parallelism();
    }

    @Override
    public @Nullable Schema inputSchema() {
        return task.inputSchema();
    }

    @Override
    public String runId() {
        return task.runId();
    }

    @Override
    public BufferAllocator allocator() {
        return task.allocator();
    }
}
