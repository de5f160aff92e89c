package io.solstice.worker.task;

import io.solstice.common.id.StageId;
import io.solstice.exchange.batch.Batch;

/**
 * The state of one operator at a cut. Whoever has it closes it.
 *
 * @param copy as {@link io.solstice.spi.StateFormat#copy} makes it
 */
public record OperatorState(StageId stage, Batch copy) implements AutoCloseable {
    @Override
    public void close() {
        copy.close();
    }
}
