package io.solstice.api.window;

import io.solstice.common.error.ErrorCode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A piece of event time, its start included and its end not, in whole microseconds. */
public record TimeWindow(Instant start, Instant end) {
    public TimeWindow {
        if (!start.isBefore(end) || start.getNano() % 1_000 != 0 || end.getNano() % 1_000 != 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("a window from " + start + " to " + end + " is not possible")
                    .where("TimeWindow")
                    .cause("its start must be before its end, both in whole microseconds")
                    .toException();
        }
    }

    /** Both in microseconds since 1970-01-01 UTC. */
    public static TimeWindow ofMicros(long start, long end) {
        return new TimeWindow(Instant.EPOCH.plus(start, ChronoUnit.MICROS), Instant.EPOCH.plus(end, ChronoUnit.MICROS));
    }
}
