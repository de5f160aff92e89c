package io.solstice.worker.window;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.BareTask;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A task that keeps the rows which are set aside, and why. */
record TestContext(int taskIndex, int parallelism, BufferAllocator allocator, List<Row> aside, List<String> reasons)
        implements BareTask {
    @Override
    public void skip(Batch rows, int row, Throwable why) {
        aside.add(new RowReader(rows).row(row));
        reasons.add(String.valueOf(why.getMessage()));
    }
}
