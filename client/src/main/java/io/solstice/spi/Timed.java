package io.solstice.spi;

import io.solstice.api.operator.Outbox;

/** An operator that has something to do at moments of the machine's clock, with or without rows. */
public interface Timed {
    /** In how many milliseconds from now, 0 or less for at once; {@link Long#MAX_VALUE} for nothing to do. */
    long dueMillis();

    /** Does what is due. Called between two batches. */
    void onClock(Outbox out) throws Exception;
}
