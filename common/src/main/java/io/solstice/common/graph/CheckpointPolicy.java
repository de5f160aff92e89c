package io.solstice.common.graph;

import io.solstice.common.error.ErrorCode;

/**
 * When a checkpoint is due: after so many seconds or so many records, whichever comes first.
 *
 * @param intervalRecords 0 for no limit by records
 */
public record CheckpointPolicy(double intervalSecs, long intervalRecords) {
    public static final CheckpointPolicy DEFAULT = new CheckpointPolicy(300, 0);

    public CheckpointPolicy {
        if (!(intervalSecs > 0 && intervalSecs <= 1e9) || intervalRecords < 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("a checkpoint every " + intervalSecs + " s or " + intervalRecords
                            + " records is not possible")
                    .cause("checkpoint_interval_secs must be above 0, checkpoint_interval_records must not be negative")
                    .toException();
        }
    }
}
