package io.solstice.worker.userstate;

import io.solstice.api.operator.OperatorContext;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** The only task of a stage, which keeps nothing and skips nothing. */
record OneTask(BufferAllocator allocator, List<String> keyColumns) implements OperatorContext {
    @Override
    public String jobId() {
        return "job";
    }

    @Override
    public String stageId() {
        return "keyed";
    }

    @Override
    public int taskIndex() {
        return 0;
    }

    @Override
    public int parallelism() {
        return 1;
    }

    @Override
    public @Nullable Object getState(String name) {
        return null;
    }

    @Override
    public void setState(String name, @Nullable Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        throw new AssertionError(why);
    }
}
