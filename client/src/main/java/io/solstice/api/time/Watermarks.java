package io.solstice.api.time;

import io.solstice.common.error.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How event time moves on with the rows of a source. A watermark says that no row older than it is expected any more;
 * one that comes nevertheless is late. Each split has its own: the newest event time among its rows, less a delay for
 * those that come out of order. Event time at any place of the job is the oldest watermark of all splits that lead
 * there, so it is held back by
 *
 * <ul>
 *   <li>the slowest split that is being read,
 *   <li>every split that nobody has begun to read, since its rows may be of any age, unless {@link #splitsInOrder()} says
 *       that they are not older than those of the splits before it,
 *   <li>but not by a split that has had no rows for the idle timeout, until it has some again.
 * </ul>
 *
 * When all splits have been read to their end there is nothing more to wait for, and all windows are complete.
 *
 * @param column when a row's event happened: a timestamp, or microseconds since 1970-01-01 UTC as an int64
 * @param delay by how much rows may be older than the newest one of their split before they are late; default 5 s
 * @param idleTimeout after how long without rows a split holds time back no longer; default 30 s
 * @param group of sources whose times stay together; empty for none
 * @param maxDrift by how much event time may be ahead of the slowest task of the group
 * @param splitsInOrder whether no row of a split is older, by more than the delay, than the rows of the splits before it
 */
public record Watermarks(
        String column, Duration delay, Duration idleTimeout, boolean splitsInOrder, String group, Duration maxDrift) {
    public static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);
    /** Beyond it, microseconds do not reach far enough. */
    private static final Duration LONGEST = Duration.ofDays(100L * 365);

    public Watermarks {
        if (column.isBlank()) {
            throw ErrorCode.OPTION_MISSING
                    .error("watermarks need the column that holds the event time")
                    .where("Watermarks.of")
                    .help("for example Watermarks.of(\"event_time\")")
                    .toException();
        }
        requirePossible("delay", delay, Duration.ZERO);
        requirePossible("idle timeout", idleTimeout, Duration.ofMillis(1));
    }

    private static void requirePossible(String name, Duration given, Duration least) {
        if (given.compareTo(least) < 0 || given.compareTo(LONGEST) > 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("a " + name + " of " + given + " is not possible")
                    .where("Watermarks")
                    .cause("expected at least " + least + " and at most 100 years")
                    .toException();
        }
    }

    /** By this column, with the defaults for everything else. */
    public static Watermarks of(String column) {
        return new Watermarks(column, DEFAULT_DELAY, DEFAULT_IDLE_TIMEOUT, false, "", Duration.ZERO);
    }

    public Watermarks delay(Duration bound) {
        return new Watermarks(column, bound, idleTimeout, splitsInOrder, group, maxDrift);
    }

    public Watermarks idleTimeout(Duration silence) {
        return new Watermarks(column, delay, silence, splitsInOrder, group, maxDrift);
    }

    /**
     * The splits of the source follow each other in time, as files do that are written one after the other, so that
     * those which nobody has begun to read hold nothing back.
     */
    public Watermarks splitsInOrder(boolean ordered) {
        return new Watermarks(column, delay, idleTimeout, ordered, group, maxDrift);
    }

    /**
     * A task of the source that is ahead of the slowest one of all sources of the group, in event time, by more than that
     * stops reading until the others have come near. So state that waits for the slow ones stays small.
     *
     * @param name of the group: all sources of a job with that name belong to it
     */
    public Watermarks align(String name, Duration furthestAhead) {
        if (name.isBlank()) {
            throw ErrorCode.OPTION_MISSING
                    .error("sources that are aligned need the name of their group")
                    .where("Watermarks.align")
                    .help("for example .align(\"clicks and views\", Duration.ofMinutes(1))")
                    .toException();
        }
        requirePossible("drift", furthestAhead, Duration.ofNanos(1_000));
        return new Watermarks(column, delay, idleTimeout, splitsInOrder, name, furthestAhead);
    }

    public boolean isAligned() {
        return !group.isEmpty();
    }

    /** As people see it, and as versions of a job are compared. */
    public Map<String, String> options() {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("watermarks.column", column);
        shown.put("watermarks.delay_seconds", seconds(delay));
        shown.put("watermarks.idle_timeout_seconds", seconds(idleTimeout));
        if (splitsInOrder) {
            shown.put("watermarks.splits_in_order", "true");
        }
        if (isAligned()) {
            shown.put("watermarks.group", group);
            shown.put("watermarks.max_drift_seconds", seconds(maxDrift));
        }
        return shown;
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toNanos() / 1e9);
    }
}
