package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.MapBatchesOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.WrappedOperator;
import io.solstice.worker.task.UserFailure;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link MapBatchesOperator}. */
final class BatchMap implements BatchOperator, WrappedOperator {
    private final MapBatchesOperator definition;
    private @Nullable OperatorContext context;

    BatchMap(MapBatchesOperator definition) {
        this.definition = definition;
    }

    @Override
    public @Nullable Schema outputSchema(Schema input) {
        return definition.output();
    }

    @Override
    public Object wrapped() {
        return definition.function();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        Batch mapped;
        try {
            mapped = definition.function().apply(batch, task);
        } catch (Exception | StackOverflowError | LinkageError thrown) {
            failed(task, batch, thrown);
            return;
        }
        if (mapped != batch) {
            batch.close();
        }
        out.emit(mapped);
    }

    private void failed(OperatorContext task, Batch batch, Throwable thrown) {
        try (batch) {
            if (definition.skipOnError()) {
                for (int i = 0; i < batch.rowCount(); i++) {
                    task.skip(batch, i, thrown);
                }
                return;
            }
            String place = "stage '" + task.stageId() + "', task " + task.taskIndex() + ", a batch of "
                    + batch.rowCount() + " rows";
            throw thrown instanceof SolsticeException coded
                    ? coded.within(place)
                    : UserFailure.of(thrown, "map_batches_fn", place).toException(thrown);
        }
    }
}
