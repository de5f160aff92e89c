package io.solstice.spi;

import io.solstice.exchange.batch.Watermark;
import org.jspecify.annotations.Nullable;

/**
 * An operator that says itself how far event time has come behind it. What its input says of it goes no further. One that
 * has nothing to say for a while is {@link Timed} besides.
 */
public interface Timekeeper {
    /** Whether there is something to say. */
    boolean hasNews();

    /** What is new, once; null if nothing is. Asked when all rows before it have gone on. */
    @Nullable
    Watermark takeNews();

    /** Whether nothing is known of event time until the next news. */
    boolean isIdle();
}
