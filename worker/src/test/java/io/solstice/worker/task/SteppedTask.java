package io.solstice.worker.task;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.source.SourceContext;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What a task of a test offers to its code. */
record SteppedTask(
        String runId, String stageId, int taskIndex, int parallelism, BufferAllocator allocator, OperatorMemory memory)
        implements OperatorContext, SourceContext {
    @Override
    public String jobId() {
        return "job";
    }

    @Override
    public List<String> keyColumns() {
        return List.of();
    }

    @Override
    public @Nullable Object getState(String name) {
        return memory.get(name);
    }

    @Override
    public void setState(String name, @Nullable Object value) {
        memory.set(name, value);
    }

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        throw new AssertionError(why);
    }

    @Override
    public void skip(String place, String raw, Throwable why) {
        throw new AssertionError(why);
    }

    SinkContext sink(long epoch) {
        return new Writing(this, epoch);
    }

    private record Writing(SteppedTask task, long epoch) implements SinkContext {
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
            return null;
        }

        @Override
        public String runId() {
            return task.runId();
        }

        @Override
        public boolean isBounded() {
            return true;
        }

        @Override
        public BufferAllocator allocator() {
            return task.allocator();
        }
    }
}
