package io.solstice.worker.task;

import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * The state of one operator at a cut, or a piece of it. Whoever has it closes it.
 *
 * @param copy as {@link io.solstice.spi.StateFormat#copy} makes it; null for a piece that is stored
 * @param stored where a piece is that an earlier checkpoint has; null for one that is to be written
 * @param ledger that is to know where the piece is; null for a state that is no piece
 */
public record OperatorState(
        StageId stage,
        @Nullable Batch copy,
        @Nullable StateObject stored,
        @Nullable PieceLedger ledger) implements AutoCloseable {
    /** One that is to be written. */
    public OperatorState(StageId stage, Batch copy) {
        this(stage, copy, null, null);
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
    }
}
