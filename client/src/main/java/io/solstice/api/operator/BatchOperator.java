package io.solstice.api.operator;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** An operator on whole batches; what every other kind becomes before it runs. */
public interface BatchOperator extends Operator {
    /** Takes over the batch: closes it, or emits it. */
    void process(Batch batch, Outbox out) throws Exception;

    /** Event time has moved on. The engine passes the watermark on afterwards. */
    default void onWatermark(Watermark watermark, Outbox out) throws Exception {}

    /** The input has come to its end: what is still owed. */
    default void finish(Outbox out) throws Exception {}

    /**
     * What it will emit for an input of that schema, or null if that shows only while running. Called before the job
     * starts, without {@code open}; throws if the input does not fit.
     */
    default @Nullable Schema outputSchema(Schema input) {
        return null;
    }
}
