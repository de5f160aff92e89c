package io.solstice.worker.job;

import io.solstice.api.source.SourceContext;
import io.solstice.worker.task.Errands;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What a source is offered that reads one of several splits on a thread of its own. The task's thread writes down what
 * is set aside, and does so before it takes the rows that follow.
 */
record SplitContext(SourceContext task, Errands errands) implements SourceContext {
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
    public BufferAllocator allocator() {
        return task.allocator();
    }

    @Override
    public List<String> gpuIds() {
        return task.gpuIds();
    }

    @Override
    public List<Integer> gpuOrdinals() {
        return task.gpuOrdinals();
    }

    @Override
    public void skip(String place, String raw, Throwable why) {
        errands.leave(() -> task.skip(place, raw, why));
    }
}
