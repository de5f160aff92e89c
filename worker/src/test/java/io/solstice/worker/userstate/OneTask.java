package io.solstice.worker.userstate;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.BareTask;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** The only task of a stage, which sets nothing aside. */
record OneTask(BufferAllocator allocator, List<String> keyColumns) implements BareTask {
    @Override
    public void skip(Batch rows, int row, Throwable why) {
        throw new AssertionError(why);
    }
}
