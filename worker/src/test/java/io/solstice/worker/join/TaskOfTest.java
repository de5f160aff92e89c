package io.solstice.worker.join;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.BareTask;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A task that keeps the rows which are set aside, and why. */
record TaskOfTest(int taskIndex, int parallelism, BufferAllocator allocator, List<Row> aside, List<Throwable> reasons)
        implements BareTask {
    @Override
    public void skip(Batch rows, int row, Throwable why) {
        aside.add(new RowReader(rows).row(row));
        reasons.add(why);
    }
}
