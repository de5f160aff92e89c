package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.record.RecordFilter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link FilterOperator.Records}. */
final class RecordFiltering<I extends Record> implements BatchOperator {
    private final RowFailures failures;
    private final SchemaBound<RecordFilter> filter;
    private final Selection selection = new Selection();
    private @Nullable OperatorContext context;

    RecordFiltering(FilterOperator.Records<I> definition) {
        this.failures = new RowFailures("filter_fn", definition.skipOnError());
        this.filter = new SchemaBound<>(input -> RecordFilter.compile(definition.in(), definition.function(), input));
    }

    @Override
    public Schema outputSchema(Schema input) {
        filter.of(input);
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
            filter.of(batch.schema())
                    .select(
                            batch,
                            selection,
                            task.allocator(),
                            (row, failure) -> failures.failed(task, batch, row, failure));
            kept = Gather.rows(batch, selection, task.allocator());
        }
        out.emit(kept);
    }
}
