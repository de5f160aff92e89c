package io.solstice.worker.flight;

import io.solstice.api.sink.SinkContext;
import io.solstice.api.source.SourceContext;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What a task offers to its source and sink. */
record StandInTask(
        String jobId,
        String stageId,
        int taskIndex,
        BufferAllocator allocator,
        @Nullable Schema inputSchema) implements SinkContext, SourceContext {
    @Override
    public int parallelism() {
        return 2;
    }

    @Override
    public String runId() {
        return jobId + "-1";
    }

    @Override
    public void skip(String place, String raw, Throwable why) {
        throw new AssertionError("nothing is skipped", why);
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public boolean isBounded() {
        return true;
    }
}
