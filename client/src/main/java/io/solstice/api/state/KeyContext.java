package io.solstice.api.state;

import io.solstice.api.row.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The key whose row or timer is being handled; states belong to it meanwhile. */
public interface KeyContext {
    /** The values of the columns of the key, by their names. */
    Row key();

    /** How far event time has come; null before any is known. */
    @Nullable
    Instant watermark();

    /**
     * Calls {@link KeyedOperator#onTimer} for this key once event time has come to that moment; at once after this call
     * if it has already. Setting it twice is the same as once.
     */
    void setTimer(Instant eventTime);

    /** The same by the clock of the machine. After a restart, those that have become due meanwhile come first. */
    void setClockTimer(Instant time);

    /** Takes a timer of event time back; nothing if there is none. */
    void deleteTimer(Instant eventTime);

    /** Takes a timer of the machine's clock back; nothing if there is none. */
    void deleteClockTimer(Instant time);
}
