package io.solstice.worker.task;

import io.solstice.common.protocol.StateObject;
import io.solstice.spi.Tabular;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Tells an operator how many rows it will have been given, by those that have come when a quarter of the bytes has: so
 * rows that are unlike the others make it four times too many at most.
 */
public final class RowGuess {
    private final Tabular operator;
    private final long bytes;
    /** As many as the rows of its own have. */
    private final double ownBytes;

    private long cameBytes;
    private long cameRows;
    private boolean told;

    /** @param part of a table that is for the operator, from 0 to 1 */
    public RowGuess(Tabular operator, List<StateObject> tables, ToDoubleFunction<StateObject> part) {
        this.operator = operator;
        this.bytes = tables.stream().mapToLong(StateObject::bytes).sum();
        this.ownBytes = tables.stream()
                .mapToDouble(table -> table.bytes() * part.applyAsDouble(table))
                .sum();
    }

    /** A table has been loaded. @param rows of it, also those of other tasks */
    public void came(StateObject table, int rows) {
        cameBytes += table.bytes();
        cameRows += rows;
        if (!told && cameBytes >= bytes / 4 && cameBytes < bytes) {
            told = true;
            operator.expect((long) (ownBytes / cameBytes * cameRows));
        }
    }
}
