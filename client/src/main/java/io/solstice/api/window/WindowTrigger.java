package io.solstice.api.window;

import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides when a window is given out. Called by several tasks, each on its own thread, so it keeps nothing of its own but
 * what {@link WindowContext#keep} keeps. Rows that it has never given out when the window is forgotten are set aside.
 */
public interface WindowTrigger {
    /** What becomes of the window now. */
    enum Decision {
        /** Nothing. */
        WAIT,
        /** It is given out, and keeps its rows. */
        FIRE,
        /** It is given out, and its rows are forgotten. */
        FIRE_AND_PURGE,
        /** Its rows are forgotten. */
        PURGE
    }

    /** A row has come into the window. */
    Decision onRow(Row row, WindowContext window) throws Exception;

    /** Event time has come to the end of the window, or to a moment of {@link WindowContext#callAt}. */
    Decision onTime(Instant time, WindowContext window) throws Exception;

    /** A moment of {@link WindowContext#callAtClock} has come. */
    default Decision onClock(Instant time, WindowContext window) throws Exception {
        return Decision.WAIT;
    }

    /** At the end of the window, and again for each row that is late and within the allowed lateness. */
    static WindowTrigger atEnd() {
        return new AtEnd();
    }

    /**
     * Each time that the window has so many more rows, and at its end if others have come since. A session that becomes
     * longer by joining another is not given out for the rows of the other.
     */
    static WindowTrigger everyRows(int rows) {
        if (rows < 1) {
            throw ErrorCode.OPTION_INVALID
                    .error("a window cannot be given out every " + rows + " rows")
                    .where("WindowTrigger.everyRows")
                    .help("ask for at least 1")
                    .toException();
        }
        return new EveryRows(rows);
    }

    /** After each such time by the clock of the machine, counted from its first row, and at the end of the window. */
    static WindowTrigger everyClock(Duration interval) {
        if (interval.isNegative() || interval.toMillis() < 1) {
            throw ErrorCode.OPTION_INVALID
                    .error("a window cannot be given out every " + interval)
                    .where("WindowTrigger.everyClock")
                    .help("choose at least a millisecond")
                    .toException();
        }
        return new EveryClock(interval);
    }

    /** The same, but what has been given out is forgotten, so that each row is given out once. */
    default WindowTrigger purging() {
        return new Purging(this);
    }

    /** See {@link WindowTrigger#atEnd}. */
    record AtEnd() implements WindowTrigger {
        @Override
        public Decision onRow(Row row, WindowContext window) {
            return window.isComplete() ? Decision.FIRE : Decision.WAIT;
        }

        @Override
        public Decision onTime(Instant time, WindowContext window) {
            return time.equals(window.window().end()) ? Decision.FIRE : Decision.WAIT;
        }

        @Override
        public String toString() {
            return "at end";
        }
    }

    /** See {@link WindowTrigger#everyRows}. */
    record EveryRows(int count) implements WindowTrigger {
        @Override
        public Decision onRow(Row row, WindowContext window) {
            return window.rows() % count == 0 || window.isComplete() ? Decision.FIRE : Decision.WAIT;
        }

        @Override
        public Decision onTime(Instant time, WindowContext window) {
            return window.rows() % count != 0 ? Decision.FIRE : Decision.WAIT;
        }

        @Override
        public String toString() {
            return "every " + count + " rows";
        }
    }

    /** See {@link WindowTrigger#everyClock}. */
    record EveryClock(Duration interval) implements WindowTrigger {
        private static final String RUNNING = "running";

        @Override
        public Decision onRow(Row row, WindowContext window) {
            if (!window.kept().has(RUNNING)) {
                window.keep(Row.of(RUNNING, true));
                window.callAtClock(window.clock().plus(interval));
            }
            return window.isComplete() ? Decision.FIRE : Decision.WAIT;
        }

        @Override
        public Decision onTime(Instant time, WindowContext window) {
            return time.equals(window.window().end()) ? Decision.FIRE : Decision.WAIT;
        }

        @Override
        public Decision onClock(Instant time, WindowContext window) {
            window.callAtClock(window.clock().plus(interval));
            return Decision.FIRE;
        }

        @Override
        public String toString() {
            return "every " + interval + " by the clock";
        }
    }

    /** See {@link WindowTrigger#purging}. */
    record Purging(WindowTrigger trigger) implements WindowTrigger {
        private static Decision purging(Decision decision) {
            return decision == Decision.FIRE ? Decision.FIRE_AND_PURGE : decision;
        }

        @Override
        public Decision onRow(Row row, WindowContext window) throws Exception {
            return purging(trigger.onRow(row, window));
        }

        @Override
        public Decision onTime(Instant time, WindowContext window) throws Exception {
            return purging(trigger.onTime(time, window));
        }

        @Override
        public Decision onClock(Instant time, WindowContext window) throws Exception {
            return purging(trigger.onClock(time, window));
        }
    }
}
