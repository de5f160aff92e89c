package io.solstice.spi;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.vector.types.pojo.Schema;

/** An operator of the engine whose rows come from two upstreams and mean something else in each. */
public interface TwoInputs extends BatchOperator {
    int LEFT = 0;
    int RIGHT = 1;

    /** What it will emit for such inputs. Called before the job starts; throws if they do not fit. */
    Schema outputSchema(Schema left, Schema right);

    /** Called before {@code open}, with inputs that fit. */
    void bind(Schema left, Schema right);

    /** Takes over a batch of one input: closes it, or emits it. */
    void process(int input, Batch batch, Outbox out) throws Exception;

    /** One input has come to its end before the other; of the last one {@code finish} tells. May be told again. */
    void ended(int input, Outbox out) throws Exception;

    /**
     * By how much the times of its results may be before the watermark that it was told last. The watermarks behind it
     * are so much older. {@link Long#MAX_VALUE} if nothing can be said of time.
     */
    long delayMicros();

    @Override
    default void process(Batch batch, Outbox out) {
        batch.close();
        throw new IllegalStateException("a batch came from nowhere to an operator with two inputs");
    }
}
