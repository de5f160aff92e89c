package io.solstice.worker.join;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A task with nothing but memory. */
record TaskOfTest(int taskIndex, int parallelism, BufferAllocator allocator, List<Row> aside, List<Throwable> reasons)
        implements OperatorContext {
    @Override
    public List<String> keyColumns() {
        return List.of();
    }

    @Override
    public String jobId() {
        return "job";
    }

    @Override
    public String stageId() {
        return "stage";
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
        aside.add(new RowReader(rows).row(row));
        reasons.add(why);
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
