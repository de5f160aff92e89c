package io.solstice.api.operator;

import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Windows;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates rows by key, and by window of event time.
 *
 * <pre>{@code
 * AggregateOperator.by("auction")
 *         .window(Windows.tumbling(Duration.ofMinutes(1)))
 *         .aggregate(Aggregates.count().as("bids"), Aggregates.max("price"))
 * }</pre>
 *
 * The result has the key columns, {@code window_start} and {@code window_end} (timestamps in microseconds, UTC), and the
 * aggregates; with allowed lateness or early results also {@code pane_index} (int32, from 0 for each key and window) and
 * {@code is_late} (boolean). A window's result comes when the watermark has reached its end. Without a window there is
 * one result for each key, at the end of an input that must have one.
 *
 * @param keys the columns whose values make a group; none for all rows together
 * @param window null for the whole input
 * @param time the column of event time: a timestamp, or int64 in microseconds since 1970-01-01 UTC
 * @param latenessMicros how long a window is kept after its result, to be corrected by late rows
 * @param earlyMicros how far event time moves on between early results of windows that are not complete; 0 for none
 * @param preAggregate whether rows may be aggregated before they are sent to the task that has their key
 */
public record AggregateOperator(
        List<String> keys,
        @Nullable Windows window,
        String time,
        long latenessMicros,
        long earlyMicros,
        List<Aggregate> aggregates,
        boolean preAggregate)
        implements OperatorDefinition {
    /** The column of event time unless another is named. */
    public static final String EVENT_TIME = "event_time";

    public static final String WINDOW_START = "window_start";
    public static final String WINDOW_END = "window_end";
    public static final String PANE_INDEX = "pane_index";
    public static final String IS_LATE = "is_late";

    public AggregateOperator {
        keys = List.copyOf(keys);
        aggregates = List.copyOf(aggregates);
    }

    /**
     * The columns whose values make a group; all rows with one key go to one task. Without names: those of the
     * {@link KeyByOperator} stage just before, or else all rows together, in one task.
     */
    public static AggregateOperator by(String... keys) {
        return new AggregateOperator(List.of(keys), null, EVENT_TIME, 0, 0, List.of(), true);
    }

    public AggregateOperator window(Windows windows) {
        return new AggregateOperator(keys, windows, time, latenessMicros, earlyMicros, aggregates, preAggregate);
    }

    /** The column of event time. Default: {@value #EVENT_TIME}. */
    public AggregateOperator time(String column) {
        return new AggregateOperator(keys, window, column, latenessMicros, earlyMicros, aggregates, preAggregate);
    }

    /**
     * How long, in event time, a window is kept after its result. A row that comes within it corrects the result, which
     * is given again with the next {@code pane_index}; a later one is set aside and counted. Default: 0.
     */
    public AggregateOperator allowedLateness(Duration lateness) {
        long micros = Windows.micros("allowed lateness", lateness, 0);
        return new AggregateOperator(keys, window, time, micros, earlyMicros, aggregates, preAggregate);
    }

    /** Gives results of windows that are not complete each time the watermark has moved on so far. Default: never. */
    public AggregateOperator earlyEvery(Duration interval) {
        long micros = Windows.micros("interval of early results", interval, 1);
        return new AggregateOperator(keys, window, time, latenessMicros, micros, aggregates, preAggregate);
    }

    public AggregateOperator aggregate(Aggregate... columns) {
        return new AggregateOperator(keys, window, time, latenessMicros, earlyMicros, List.of(columns), preAggregate);
    }

    /**
     * Whether tasks may aggregate the rows of a key for a few milliseconds before they send them on, where that makes
     * fewer of them, so that a key with most of the rows does not hold up the one task that has it. Results are the same.
     * Default: true.
     */
    public AggregateOperator preAggregate(boolean allowed) {
        return new AggregateOperator(keys, window, time, latenessMicros, earlyMicros, aggregates, allowed);
    }

    /** The same by these keys. */
    public AggregateOperator withKeys(List<String> columns) {
        return new AggregateOperator(columns, window, time, latenessMicros, earlyMicros, aggregates, preAggregate);
    }

    /** Whether a key may have several results for one window, told apart by {@value #PANE_INDEX}. */
    public boolean hasPanes() {
        return window != null && (latenessMicros > 0 || earlyMicros > 0);
    }

    @Override
    public String type() {
        return "AggregateOperator";
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("keys", String.join(",", keys));
        options.put("window", window == null ? "none" : window.toString());
        if (window != null) {
            options.put("time", time);
            options.put(
                    "allowed_lateness",
                    Duration.ofNanos(1_000).multipliedBy(latenessMicros).toString());
            if (earlyMicros > 0) {
                options.put(
                        "early_every",
                        Duration.ofNanos(1_000).multipliedBy(earlyMicros).toString());
            }
        }
        if (!preAggregate) {
            options.put("pre_aggregate", "false");
        }
        options.put("aggregates", aggregates.stream().map(Aggregate::toString).collect(Collectors.joining("; ")));
        return options;
    }
}
