package io.solstice.api.window;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.time.Duration;

/**
 * How event time is cut into windows. A window includes its start and excludes its end: a row exactly at the end belongs
 * to the next one. Windows are aligned to 1970-01-01 UTC plus an offset, in microseconds.
 */
public sealed interface Windows {
    /** Longer ones, and offsets beyond it, are taken for mistakes: a thousand years. */
    Duration LONGEST = Duration.ofDays(365_250);

    /** So many slices a sliding window may consist of, each as long as the common divisor of size and slide. */
    int MOST_SLICES = 100_000;

    /** Windows of one size, one behind the other. */
    static Tumbling tumbling(Duration size) {
        return new Tumbling(micros("size", size, 1), 0);
    }

    /** Windows of one size, of which one starts every {@code slide}: each row belongs to {@code size / slide} of them. */
    static Sliding sliding(Duration size, Duration slide) {
        return new Sliding(micros("size", size, 1), micros("slide", slide, 1), 0);
    }

    /**
     * For each key, rows that follow each other by less than {@code gap}. A session ends {@code gap} after its last row;
     * two sessions become one when a row between them overlaps both, and stay two when they merely touch.
     */
    static Session session(Duration gap) {
        return new Session(micros("gap", gap, 1));
    }

    /** See {@link Windows#tumbling}. */
    record Tumbling(long sizeMicros, long offsetMicros) implements Windows {
        /** Shifts the windows against 1970-01-01 UTC, for example days that begin at noon. */
        public Tumbling offset(Duration offset) {
            return new Tumbling(sizeMicros, micros("offset", offset, Long.MIN_VALUE));
        }

        @Override
        public String toString() {
            return "tumbling " + text(sizeMicros) + shown(offsetMicros);
        }
    }

    /** See {@link Windows#sliding}. */
    record Sliding(long sizeMicros, long slideMicros, long offsetMicros) implements Windows {
        public Sliding {
            if (slideMicros > sizeMicros) {
                throw invalid("sliding windows of " + text(sizeMicros) + " every " + text(slideMicros)
                                + " would leave rows between them out")
                        .error()
                        .help("choose a slide that is not longer than the size")
                        .toException();
            }
            if (sizeMicros / divisor(sizeMicros, slideMicros) > MOST_SLICES) {
                throw invalid("sliding windows of " + text(sizeMicros) + " every " + text(slideMicros)
                                + " have more than " + MOST_SLICES + " slices each")
                        .error()
                        .help("choose a slide that divides the size, and is not so short")
                        .toException();
            }
        }

        /** Shifts the windows against 1970-01-01 UTC. */
        public Sliding offset(Duration offset) {
            return new Sliding(sizeMicros, slideMicros, micros("offset", offset, Long.MIN_VALUE));
        }

        /** The longest time that divides both size and slide: no window begins or ends within such a slice. */
        public long sliceMicros() {
            return divisor(sizeMicros, slideMicros);
        }

        @Override
        public String toString() {
            return "sliding " + text(sizeMicros) + " every " + text(slideMicros) + shown(offsetMicros);
        }
    }

    /** See {@link Windows#session}. */
    record Session(long gapMicros) implements Windows {
        @Override
        public String toString() {
            return "session with gaps of " + text(gapMicros);
        }
    }

    private static long divisor(long one, long other) {
        return other == 0 ? one : divisor(other, one % other);
    }

    private static String text(long micros) {
        return Duration.ofNanos(1_000).multipliedBy(micros).toString();
    }

    private static String shown(long offsetMicros) {
        return offsetMicros == 0 ? "" : " offset by " + text(offsetMicros);
    }

    /**
     * A duration in whole microseconds.
     *
     * @param what its name in errors
     * @param least the smallest number allowed
     */
    static long micros(String what, Duration duration, long least) {
        if (duration.abs().compareTo(LONGEST) > 0 || duration.getNano() % 1_000 != 0) {
            throw invalid(what + " " + duration + " is longer than a thousand years, or not in whole microseconds");
        }
        long micros = duration.getSeconds() * 1_000_000 + duration.getNano() / 1_000;
        if (micros < least) {
            throw invalid(what + " " + duration + " is too short");
        }
        return micros;
    }

    private static SolsticeException invalid(String what) {
        return ErrorCode.OPTION_INVALID.error(what).where("Windows").toException();
    }
}
