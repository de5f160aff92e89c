package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.record.RecordMap;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link MapOperator.Records}. */
final class RecordMapping<I extends Record, O extends Record> implements BatchOperator {
    private final RowFailures failures;
    private final SchemaBound<RecordMap> map;
    private @Nullable OperatorContext context;

    RecordMapping(MapOperator.Records<I, O> definition) {
        this.failures = new RowFailures("map_fn", definition.skipOnError());
        this.map = new SchemaBound<>(input -> RecordMap.compile(
                definition.in(), definition.out(), definition.function(), input, definition.keepInput()));
    }

    @Override
    public Schema outputSchema(Schema input) {
        return map.of(input).outputSchema();
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
            result = map.of(batch.schema())
                    .apply(batch, task.allocator(), (row, failure) -> failures.failed(task, batch, row, failure));
        }
        out.emit(result);
    }
}
