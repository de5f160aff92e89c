package io.solstice.worker.flight;

import io.solstice.common.loop.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What one task of a {@code FlightSink} keeps for readers. */
record Output(
        OutputLog log, AtomicReference<@Nullable Schema> schema, Clock clock, Duration keep, AtomicLong endedNanos) {
    private static final long NOT_ENDED = Long.MIN_VALUE;

    Output(OutputLog log, Clock clock, Duration keep) {
        this(log, new AtomicReference<>(), clock, keep, new AtomicLong(NOT_ENDED));
    }

    void ended() {
        endedNanos.compareAndSet(NOT_ENDED, clock.monotonicNanos());
    }

    boolean isOver() {
        long ended = endedNanos.get();
        return ended != NOT_ENDED && clock.monotonicNanos() - ended > keep.toNanos();
    }
}
