package io.solstice.bench.window;

import io.solstice.api.operator.OperatorContext;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** What an operator alone knows of its task. */
record OperatorTask(BufferAllocator allocator) implements OperatorContext {
    @Override
    public String jobId() {
        return "bench";
    }

    @Override
    public String stageId() {
        return "bench";
    }

    @Override
    public int taskIndex() {
        return 0;
    }

    @Override
    public List<String> keyColumns() {
        return List.of();
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
    public void setState(String name, @Nullable Object value) {}

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        throw new IllegalStateException("a row was set aside", why);
    }

    @Override
    public List<Integer> gpuOrdinals() {
        return List.of();
    }

    @Override
    public List<String> gpuIds() {
        return List.of();
    }
}
