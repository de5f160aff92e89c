package io.solstice.api.window;

import io.solstice.api.row.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The window of a key that a {@link WindowTrigger} is asked about. Valid during the call. */
public interface WindowContext {
    /** The values of the columns of the key, by their names. */
    Row key();

    TimeWindow window();

    /** How many rows are in the window; after a purge it counts from 0 again. */
    long rows();

    /** How far event time has come; null before any is known. */
    @Nullable
    Instant watermark();

    /** Whether event time has come to the end of the window. */
    boolean isComplete();

    /** The time by the clock of the machine. */
    Instant clock();

    /** Calls {@link WindowTrigger#onTime} once event time has come to that moment; at once after this if it has. */
    void callAt(Instant eventTime);

    /** Calls {@link WindowTrigger#onClock} at that moment by the clock of the machine. */
    void callAtClock(Instant time);

    /** What {@link #keep} kept for this window of this key last; an empty row if nothing. */
    Row kept();

    /** Keeps values for this window of this key, in checkpoints too, until it is forgotten. */
    void keep(Row values);
}
