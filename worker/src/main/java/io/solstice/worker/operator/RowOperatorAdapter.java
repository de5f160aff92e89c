package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.WrappedOperator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user's {@link RowOperator} as an operator on batches. */
final class RowOperatorAdapter implements BatchOperator, WrappedOperator {
    private final RowOperator operator;
    private final RowWriter writer = new RowWriter(null);
    private final RowFailures failures = new RowFailures("process", false);
    private @Nullable OperatorContext context;

    RowOperatorAdapter(RowOperator operator) {
        this.operator = operator;
    }

    @Override
    public Object wrapped() {
        return operator;
    }

    @Override
    public void open(OperatorContext opened) throws Exception {
        context = opened;
        operator.open(opened);
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        List<Row> results = new ArrayList<>();
        try (batch) {
            RowReader reader = new RowReader(batch);
            for (int i = 0; i < batch.rowCount(); i++) {
                try {
                    results.addAll(operator.process(reader.row(i)));
                } catch (Exception | StackOverflowError | LinkageError thrown) {
                    failures.failed(task, batch, i, thrown);
                }
            }
        }
        RowBatches.emit(results, writer, task.allocator(), out);
    }

    @Override
    public void finish(Outbox out) throws Exception {
        RowBatches.emit(operator.finish(), writer, Opened.check(context).allocator(), out);
    }

    @Override
    public Row checkpoint() throws Exception {
        return operator.checkpoint();
    }

    @Override
    public void restore(Row state) throws Exception {
        operator.restore(state);
    }

    @Override
    public void close() throws Exception {
        operator.close();
    }
}
