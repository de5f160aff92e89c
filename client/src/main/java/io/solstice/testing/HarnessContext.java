package io.solstice.testing;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A task of its own for one operator. */
record HarnessContext(BufferAllocator allocator, List<OperatorHarness.Skipped> skipped) implements OperatorContext {
    @Override
    public String jobId() {
        return "harness";
    }

    @Override
    public String stageId() {
        return "operator";
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
    public void skip(Batch rows, int row, Throwable why) {
        skipped.add(new OperatorHarness.Skipped(new RowReader(rows).row(row), why));
    }
}
