package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.vector.types.pojo.Schema;

/** {@link KeyByOperator.Columns}: the rows stay as they are; the edge behind divides them. */
final class KeyByColumns implements BatchOperator {
    private final KeyByOperator.Columns definition;

    KeyByColumns(KeyByOperator.Columns definition) {
        this.definition = definition;
    }

    @Override
    public Schema outputSchema(Schema input) {
        definition.names().forEach(name -> Batch.indexOf(input, name));
        return input;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        out.emit(batch);
    }
}
