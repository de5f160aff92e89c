package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import io.solstice.worker.time.TimeColumn;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/** The times of a batch's rows in microseconds since 1970-01-01 UTC. Reused from batch to batch. */
final class EventTimes {
    private long[] micros = new long[0];
    private boolean[] present = new boolean[0];
    private boolean missing;
    private long earliest;
    private boolean areTimes;

    void read(TimeColumn time, Batch batch) {
        int rows = batch.rowCount();
        if (micros.length < rows) {
            micros = new long[rows];
            present = new boolean[rows];
        }
        FieldVector column = batch.column(time.index());
        WholeNumbers.read(column, rows, micros);
        missing = Values.someMissing(column, rows, present);
        areTimes = time.toMicros(micros, rows);
        earliest = Long.MAX_VALUE;
        for (int i = 0; i < rows; i++) {
            earliest = Math.min(earliest, micros[i]);
        }
    }

    /** Whether all rows have a time that is not too far away. */
    boolean areAllWithinReach() {
        return !missing && areTimes;
    }

    /** Of all rows, if all have a time. */
    long earliest() {
        return earliest;
    }

    /** Copies the times of the first rows. */
    long[] copy(int rows) {
        return Arrays.copyOf(micros, rows);
    }

    boolean has(int row) {
        return !missing || present[row];
    }

    boolean isWithinReach(int row) {
        return TimeColumn.isTime(micros[row]);
    }

    long micros(int row) {
        return micros[row];
    }
}
