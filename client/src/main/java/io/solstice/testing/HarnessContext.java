package io.solstice.testing;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A task of its own for one operator. */
record HarnessContext(
        BufferAllocator allocator,
        int taskIndex,
        int parallelism,
        List<String> keyColumns,
        List<OperatorHarness.Skipped> skipped,
        Map<String, Object> values)
        implements OperatorContext {
    @Override
    public String jobId() {
        return "harness";
    }

    @Override
    public String stageId() {
        return "operator";
    }

    @Override
    public @Nullable Object getState(String name) {
        return values.get(name);
    }

    @Override
    public void setState(String name, @Nullable Object value) {
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
    }

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        skipped.add(new OperatorHarness.Skipped(new RowReader(rows).row(row), why));
    }
}
