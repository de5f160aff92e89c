package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.vector.types.pojo.Schema;

/** Gives on what comes: the stage is there for the way that its rows take to it. */
final class Unchanged implements BatchOperator {
    @Override
    public Schema outputSchema(Schema input) {
        return input;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        out.emit(batch);
    }
}
