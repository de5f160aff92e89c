package io.solstice.worker.task;

import io.solstice.common.protocol.StateObject;
import io.solstice.spi.Tabular;
import java.util.List;

/**
 * Tells an operator how many rows it will have been given, by those that have come when a quarter of the bytes has: so
 * rows that are unlike the others make it four times too many at most.
 */
public final class RowGuess {
    private final Tabular operator;
    private final long bytes;
    private final int tasks;
    private long cameBytes;
    private long cameRows;
    private boolean told;

    /** @param tasks that share the rows */
    public RowGuess(Tabular operator, List<StateObject> tables, int tasks) {
        this.operator = operator;
        this.bytes = tables.stream().mapToLong(StateObject::bytes).sum();
        this.tasks = tasks;
    }

    /** A table has been loaded. @param rows of it, also those of other tasks */
    public void came(StateObject table, int rows) {
        cameBytes += table.bytes();
        cameRows += rows;
        if (!told && cameBytes >= bytes / 4 && cameBytes < bytes) {
            told = true;
            operator.expect((long) ((double) bytes / cameBytes * cameRows / tasks));
        }
    }
}
