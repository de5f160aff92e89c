package io.solstice.api.operator;

import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts rows of two upstreams together whose keys are equal.
 *
 * <pre>{@code
 * job.addStage(
 *         Stage.of("joined", JoinOperator.inner("bids", "auctions")
 *                 .on("auction", "id")
 *                 .window(Windows.tumbling(Duration.ofSeconds(10)))),
 *         "bids", "auctions")
 * }</pre>
 *
 * Which rows can meet is said by one of {@link #window}, {@link #between}, {@link #keepFor} and {@link #lookup}; without
 * any, all rows of both inputs can, and the right one must come to an end. A key with a null in it equals no other.
 *
 * <p>The result has the left columns, then the right ones; a right column whose name the left has too gets the prefix
 * {@link #rightPrefix}, and a right key column with the name of its left one is left out. With a window
 * {@code window_start} and {@code window_end} (timestamps in microseconds, UTC) follow.
 *
 * @param leftStage the id of the upstream whose columns come first
 * @param leftKeys columns of the left, each with one of {@code rightKeys} that must be equal
 * @param leftTime the column of event time in the left: a timestamp, or int64 in microseconds since 1970-01-01 UTC
 */
public record JoinOperator(
        Kind kind,
        String leftStage,
        String rightStage,
        List<String> leftKeys,
        List<String> rightKeys,
        Scope scope,
        String leftTime,
        String rightTime,
        String rightPrefix)
        implements OperatorDefinition {
    public static final String WINDOW_START = AggregateOperator.WINDOW_START;
    public static final String WINDOW_END = AggregateOperator.WINDOW_END;

    private static final String DEFAULT_PREFIX = "right_";

    public JoinOperator {
        leftKeys = List.copyOf(leftKeys);
        rightKeys = List.copyOf(rightKeys);
    }

    /** Which rows are in the result although there is none for them in the other input; the other's columns are null. */
    public enum Kind {
        INNER(false, false),
        LEFT(true, false),
        RIGHT(false, true),
        FULL(true, true);

        private final boolean keepsLeft;
        private final boolean keepsRight;

        Kind(boolean keepsLeft, boolean keepsRight) {
            this.keepsLeft = keepsLeft;
            this.keepsRight = keepsRight;
        }

        public boolean keepsLeft() {
            return keepsLeft;
        }

        public boolean keepsRight() {
            return keepsRight;
        }
    }

    /** Which rows with equal keys meet. */
    public sealed interface Scope {}

    /** All; the right input, which must come to an end, is read first. */
    public record Whole() implements Scope {
        @Override
        public String toString() {
            return "whole input";
        }
    }

    /** All, and every task has the whole right input, however the left is divided. */
    public record Lookup() implements Scope {
        @Override
        public String toString() {
            return "lookup";
        }
    }

    /** Those of one window. */
    public record Windowed(Windows window) implements Scope {
        @Override
        public String toString() {
            return window.toString();
        }
    }

    /** Those where right time less left time is within these bounds, both included. */
    public record Between(long fromMicros, long toMicros) implements Scope {
        @Override
        public String toString() {
            return "from " + text(fromMicros) + " to " + text(toMicros);
        }
    }

    /** Those that come within this time of each other, by the clock of the machine. */
    public record Kept(long micros) implements Scope {
        @Override
        public String toString() {
            return "kept for " + text(micros);
        }
    }

    private static JoinOperator of(Kind kind, String left, String right) {
        return new JoinOperator(
                kind,
                left,
                right,
                List.of(),
                List.of(),
                new Whole(),
                AggregateOperator.EVENT_TIME,
                AggregateOperator.EVENT_TIME,
                DEFAULT_PREFIX);
    }

    /** Pairs alone. */
    public static JoinOperator inner(String leftStage, String rightStage) {
        return of(Kind.INNER, leftStage, rightStage);
    }

    /** Pairs, and left rows without a right one. */
    public static JoinOperator left(String leftStage, String rightStage) {
        return of(Kind.LEFT, leftStage, rightStage);
    }

    /** Pairs, and right rows without a left one. */
    public static JoinOperator right(String leftStage, String rightStage) {
        return of(Kind.RIGHT, leftStage, rightStage);
    }

    /** Pairs, and the rows of both that have none of the other. */
    public static JoinOperator full(String leftStage, String rightStage) {
        return of(Kind.FULL, leftStage, rightStage);
    }

    /** Columns that must be equal, which have one type; several calls demand all of them. */
    public JoinOperator on(String leftColumn, String rightColumn) {
        List<String> left = new ArrayList<>(leftKeys);
        List<String> right = new ArrayList<>(rightKeys);
        left.add(leftColumn);
        right.add(rightColumn);
        return new JoinOperator(kind, leftStage, rightStage, left, right, scope, leftTime, rightTime, rightPrefix);
    }

    /** A column of that name in both. */
    public JoinOperator on(String column) {
        return on(column, column);
    }

    /** Joins the rows of each tumbling or sliding window of event time; the result comes when the window is complete. */
    public JoinOperator window(Windows window) {
        if (window instanceof Windows.Session) {
            throw ErrorCode.OPTION_INVALID
                    .error("a join cannot have session windows")
                    .where("JoinOperator.window")
                    .cause("the rows of two inputs do not make one session")
                    .help("choose Windows.tumbling or Windows.sliding, or join with .between(from, to)")
                    .toException();
        }
        return with(new Windowed(window));
    }

    /**
     * Joins a left row with the right ones whose time is that of the left plus {@code from} to {@code to}, both
     * included. A pair comes as soon as both rows are there; a row that has no partner comes, if the kind asks for it,
     * when the watermark says that none can come any more.
     */
    public JoinOperator between(Duration from, Duration to) {
        long fromMicros = Windows.micros("lower bound of an interval", from, Long.MIN_VALUE);
        long toMicros = Windows.micros("upper bound of an interval", to, Long.MIN_VALUE);
        if (fromMicros > toMicros) {
            throw ErrorCode.OPTION_INVALID
                    .error("an interval from " + from + " to " + to + " is empty")
                    .where("JoinOperator.between")
                    .help("give the earlier bound first: .between(Duration.ofMinutes(-5), Duration.ofMinutes(5))")
                    .toException();
        }
        return with(new Between(fromMicros, toMicros));
    }

    /**
     * Joins each row with those of the other input that came before it and are kept: so long after they came, by the
     * clock of the machine. Needs no event time.
     */
    public JoinOperator keepFor(Duration afterArrival) {
        return with(new Kept(Windows.micros("time for which rows are kept", afterArrival, 1)));
    }

    /**
     * Sends the right input, which must come to an end, to every task, so that the left one need not be divided by key.
     * Left rows wait until all of it is there. For inner and left joins.
     */
    public JoinOperator lookup() {
        return with(new Lookup());
    }

    private JoinOperator with(Scope other) {
        if (!(scope instanceof Whole)) {
            throw ErrorCode.OPTION_INVALID
                    .error("a join says in two ways which rows meet: " + scope + ", and " + other)
                    .where("JoinOperator")
                    .help("leave all but one of window, between, keepFor and lookup out")
                    .toException();
        }
        return new JoinOperator(
                kind, leftStage, rightStage, leftKeys, rightKeys, other, leftTime, rightTime, rightPrefix);
    }

    /** The columns of event time. Default: {@value AggregateOperator#EVENT_TIME} in both. */
    public JoinOperator time(String leftColumn, String rightColumn) {
        return new JoinOperator(
                kind, leftStage, rightStage, leftKeys, rightKeys, scope, leftColumn, rightColumn, rightPrefix);
    }

    /** What is put before the name of a right column that the left has too. Default: {@code right_}. */
    public JoinOperator rightPrefix(String prefix) {
        return new JoinOperator(kind, leftStage, rightStage, leftKeys, rightKeys, scope, leftTime, rightTime, prefix);
    }

    /** Whether rows meet by their event time. */
    public boolean isTimed() {
        return scope instanceof Windowed || scope instanceof Between;
    }

    /** Whether the right input must come to an end before the first result. */
    public boolean readsRightFirst() {
        return scope instanceof Whole || scope instanceof Lookup;
    }

    @Override
    public String type() {
        return "JoinOperator";
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("kind", kind.name().toLowerCase(java.util.Locale.ROOT));
        options.put("left", leftStage + "(" + String.join(",", leftKeys) + ")");
        options.put("right", rightStage + "(" + String.join(",", rightKeys) + ")");
        options.put("scope", scope.toString());
        if (isTimed()) {
            options.put("time", leftTime + "," + rightTime);
        }
        if (!rightPrefix.equals(DEFAULT_PREFIX)) {
            options.put("right_prefix", rightPrefix);
        }
        return options;
    }

    private static String text(long micros) {
        return Duration.ofNanos(1_000).multipliedBy(micros).toString();
    }
}
