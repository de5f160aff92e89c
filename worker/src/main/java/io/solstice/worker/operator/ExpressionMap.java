package io.solstice.worker.operator;

import io.solstice.api.expr.Expression;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.expression.CompiledProjection;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link MapOperator.Expressions}, and the filter right before it where there is one, as one step over the columns. */
final class ExpressionMap implements BatchOperator {
    private final RowFailures failures;
    private final SchemaBound<CompiledProjection> projection;
    private @Nullable OperatorContext context;

    ExpressionMap(MapOperator.Expressions definition) {
        this(null, definition);
    }

    /** @param condition which rows are kept and computed, or null for all */
    ExpressionMap(@Nullable Expression condition, MapOperator.Expressions definition) {
        this.failures = new RowFailures("expression", definition.skipOnError());
        this.projection = new SchemaBound<>(input -> definition.keepInput()
                ? CompiledProjection.withColumns(condition, definition.columns(), input)
                : CompiledProjection.compile(condition, definition.columns(), input));
    }

    @Override
    public Schema outputSchema(Schema input) {
        return projection.of(input).outputSchema();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        Batch result;
        try (batch) {
            CompiledProjection compiled = projection.of(batch.schema());
            result = failures.skipOnError()
                    ? compiled.applySkipping(
                            batch, task.allocator(), (row, error) -> task.skip(batch, row, error.toException()))
                    : compiled.apply(batch, task.allocator());
        }
        out.emit(result);
    }
}
