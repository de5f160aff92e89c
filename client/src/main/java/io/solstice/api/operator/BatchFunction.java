package io.solstice.api.operator;

import io.solstice.exchange.batch.Batch;

/**
 * A batch for a batch. The input stays the engine's, do not close it; the result is handed over, and may be the input
 * itself or {@link Batch#share() share} columns with it.
 */
@FunctionalInterface
public interface BatchFunction {
    Batch apply(Batch batch, OperatorContext context) throws Exception;
}
