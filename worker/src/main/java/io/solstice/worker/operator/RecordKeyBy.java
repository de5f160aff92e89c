package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.record.RecordKey;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link KeyByOperator.Records}. */
final class RecordKeyBy<I extends Record> implements BatchOperator {
    private final RowFailures failures;
    private final SchemaBound<RecordKey> key;
    private @Nullable OperatorContext context;

    RecordKeyBy(KeyByOperator.Records<I> definition) {
        this.failures = new RowFailures("key_fn", definition.skipOnError());
        this.key = new SchemaBound<>(input -> RecordKey.compile(definition.in(), definition.function(), input));
    }

    @Override
    public Schema outputSchema(Schema input) {
        return key.of(input).outputSchema();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        Batch keyed;
        try (batch) {
            keyed = key.of(batch.schema())
                    .apply(batch, task.allocator(), (row, failure) -> failures.failed(task, batch, row, failure));
        }
        out.emit(keyed);
    }
}
