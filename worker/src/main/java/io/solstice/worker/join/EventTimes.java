package io.solstice.worker.join;

import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The times of a batch's rows in microseconds since 1970-01-01 UTC. Reused from batch to batch. */
final class EventTimes {
    /** Times further away from 1970 would leave no room for the ends of windows. */
    private static final long FURTHEST = Long.MAX_VALUE / 4;

    private long[] micros = new long[0];
    private boolean[] present = new boolean[0];
    private boolean missing;
    private long earliest;
    private long latest;

    void read(FieldVector column, int rows) {
        readMicros(column, rows);
        earliest = Long.MAX_VALUE;
        latest = Long.MIN_VALUE;
        for (int i = 0; i < rows; i++) {
            earliest = Math.min(earliest, micros[i]);
            latest = Math.max(latest, micros[i]);
        }
    }

    private void readMicros(FieldVector column, int rows) {
        if (micros.length < rows) {
            micros = new long[rows];
            present = new boolean[rows];
        }
        WholeNumbers.read(column, rows, micros);
        missing = Values.someMissing(column, rows, present);
        if (!(column.getField().getType() instanceof ArrowType.Timestamp type)) {
            return;
        }
        if (type.getUnit() == TimeUnit.NANOSECOND) {
            for (int i = 0; i < rows; i++) {
                micros[i] = Math.floorDiv(micros[i], 1_000L);
            }
            return;
        }
        long factor =
                type.getUnit() == TimeUnit.SECOND ? 1_000_000 : type.getUnit() == TimeUnit.MILLISECOND ? 1_000 : 1;
        long most = FURTHEST / factor;
        for (int i = 0; i < rows && factor > 1; i++) {
            micros[i] = micros[i] > most || micros[i] < -most ? Long.MAX_VALUE : micros[i] * factor;
        }
    }

    /** Whether all rows have a time that is not too far away. */
    boolean areAllWithinReach() {
        return !missing && earliest >= -FURTHEST && latest <= FURTHEST;
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
        return micros[row] <= FURTHEST && micros[row] >= -FURTHEST;
    }

    long micros(int row) {
        return micros[row];
    }
}
