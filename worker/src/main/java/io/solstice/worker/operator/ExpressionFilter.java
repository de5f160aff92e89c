package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.expression.CompiledFilter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link FilterOperator.Where}. */
final class ExpressionFilter implements BatchOperator {
    private final FilterOperator.Where definition;
    private final SchemaBound<CompiledFilter> filter;
    private final Selection selection = new Selection();
    private @Nullable OperatorContext context;

    ExpressionFilter(FilterOperator.Where definition) {
        this.definition = definition;
        this.filter = new SchemaBound<>(input -> CompiledFilter.compile(definition.condition(), input));
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
            CompiledFilter compiled = filter.of(batch.schema());
            if (definition.skipOnError()) {
                compiled.selectSkipping(
                        batch, selection, task.allocator(), (row, error) -> task.skip(batch, row, error.toException()));
            } else {
                compiled.select(batch, selection, task.allocator());
            }
            kept = Gather.rows(batch, selection, task.allocator());
        }
        out.emit(kept);
    }
}
