package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.record.RecordFlatMap;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link FlatMapOperator.Records}: made as downstream takes them, so that one record may become any number. */
final class RecordExpansion<I extends Record, O extends Record> implements BatchOperator {
    private static final int BATCH_ROWS = 8192;

    private final RowFailures failures;
    private final SchemaBound<RecordFlatMap> flatMap;
    private @Nullable OperatorContext context;

    RecordExpansion(FlatMapOperator.Records<I, O> definition) {
        this.failures = new RowFailures("flatmap_fn", definition.skipOnError());
        this.flatMap = new SchemaBound<>(
                input -> RecordFlatMap.compile(definition.in(), definition.out(), definition.function(), input));
    }

    @Override
    public Schema outputSchema(Schema input) {
        return flatMap.of(input).outputSchema();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        out.emitAll(flatMap.of(batch.schema())
                .apply(
                        batch,
                        BATCH_ROWS,
                        task.allocator(),
                        (row, failure) -> failures.failed(task, batch, row, failure)));
    }
}
