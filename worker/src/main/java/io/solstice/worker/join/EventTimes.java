package io.solstice.worker.join;

import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
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

    void read(FieldVector column, int rows) {
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
