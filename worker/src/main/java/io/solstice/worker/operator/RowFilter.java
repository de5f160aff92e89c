package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link FilterOperator.Rows}. */
final class RowFilter implements BatchOperator {
    private final FilterOperator.Rows definition;
    private final RowFailures failures;
    private final Selection selection = new Selection();
    private @Nullable OperatorContext context;

    RowFilter(FilterOperator.Rows definition) {
        this.definition = definition;
        this.failures = new RowFailures("filter_fn", definition.skipOnError());
    }

    @Override
    public Schema outputSchema(Schema input) {
        return input;
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        Batch kept;
        try (batch) {
            RowReader reader = new RowReader(batch);
            selection.clear();
            for (int i = 0; i < batch.rowCount(); i++) {
                try {
                    if (definition.function().test(reader.row(i))) {
                        selection.add(i);
                    }
                } catch (Exception | StackOverflowError | LinkageError thrown) {
                    failures.failed(task, batch, i, thrown);
                }
            }
            kept = Gather.rows(batch, selection, task.allocator());
        }
        out.emit(kept);
    }
}
