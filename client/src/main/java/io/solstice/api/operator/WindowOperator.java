package io.solstice.api.operator;

import io.solstice.api.config.StageDefinition;
import io.solstice.api.window.WindowAssigner;
import io.solstice.api.window.WindowFunction;
import io.solstice.api.window.WindowTrigger;
import io.solstice.api.window.Windows;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A function of one's own over all rows of a window of a key; if need be with windows and triggers of one's own. Keeps the
 * rows until the window is forgotten, so {@link AggregateOperator} is the better choice where it has what is wanted.
 *
 * <pre>{@code
 * WindowOperator.by("sensor")
 *         .window(Windows.tumbling(Duration.ofMinutes(1)))
 *         .apply((pane, rows, out) -> out.accept(pane.key().with("median", median(rows))))
 * }</pre>
 *
 * @param keys the columns whose values make a group; without any those of the {@link KeyByOperator} stage just before
 * @param window null with windows of one's own
 * @param assigner null without windows of one's own
 * @param time the column of event time: a timestamp, or int64 in microseconds since 1970-01-01 UTC
 * @param latenessMicros how long a window is kept after its end, in event time
 * @param schema of the results; null to find it out from them
 */
public record WindowOperator(
        List<String> keys,
        @Nullable Windows window,
        @Nullable WindowAssigner assigner,
        String time,
        long latenessMicros,
        WindowTrigger trigger,
        @Nullable Schema schema,
        @Nullable WindowFunction function)
        implements OperatorDefinition {
    public WindowOperator {
        keys = List.copyOf(keys);
    }

    /**
     * The columns whose values make a group; all rows with one key go to one task. Without names: those of the
     * {@link KeyByOperator} stage just before.
     */
    public static WindowOperator by(String... keys) {
        return new WindowOperator(
                List.of(keys), null, null, AggregateOperator.EVENT_TIME, 0, WindowTrigger.atEnd(), null, null);
    }

    public WindowOperator window(Windows windows) {
        return new WindowOperator(keys, windows, null, time, latenessMicros, trigger, schema, function);
    }

    /** Windows of one's own. */
    public WindowOperator window(WindowAssigner windows) {
        return new WindowOperator(keys, null, windows, time, latenessMicros, trigger, schema, function);
    }

    /** The column of event time. Default: {@value AggregateOperator#EVENT_TIME}. */
    public WindowOperator time(String column) {
        return new WindowOperator(keys, window, assigner, column, latenessMicros, trigger, schema, function);
    }

    /** How long, in event time, a window is kept after its end, for rows that come late. Default: 0. */
    public WindowOperator allowedLateness(Duration lateness) {
        long micros = Windows.micros("allowed lateness", lateness, 0);
        return new WindowOperator(keys, window, assigner, time, micros, trigger, schema, function);
    }

    /** When windows are given out. Default: {@link WindowTrigger#atEnd}. */
    public WindowOperator trigger(WindowTrigger decides) {
        return new WindowOperator(keys, window, assigner, time, latenessMicros, decides, schema, function);
    }

    /** The columns of the results are found out while running. */
    public WindowOperator apply(WindowFunction computes) {
        return new WindowOperator(keys, window, assigner, time, latenessMicros, trigger, null, computes);
    }

    public WindowOperator apply(Schema results, WindowFunction computes) {
        return new WindowOperator(keys, window, assigner, time, latenessMicros, trigger, results, computes);
    }

    /** The same by these keys. */
    public WindowOperator withKeys(List<String> columns) {
        return new WindowOperator(columns, window, assigner, time, latenessMicros, trigger, schema, function);
    }

    /** The windows in words; of one's own, by the name of their class. */
    public String windows() {
        return assigner != null ? StageDefinition.functionName(assigner) : window == null ? "none" : window.toString();
    }

    /** The same in every process. */
    private static String text(WindowTrigger trigger) {
        if (trigger instanceof WindowTrigger.Purging purging) {
            return text(purging.trigger()) + ", purging";
        }
        return trigger.getClass().getName().startsWith(WindowTrigger.class.getName())
                ? trigger.toString()
                : StageDefinition.functionName(trigger);
    }

    @Override
    public String type() {
        return "WindowOperator";
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("keys", String.join(",", keys));
        options.put("window", windows());
        options.put("time", time);
        options.put(
                "allowed_lateness",
                Duration.ofNanos(1_000).multipliedBy(latenessMicros).toString());
        options.put("trigger", text(trigger));
        options.put("function", function == null ? "none" : StageDefinition.functionName(function));
        return options;
    }
}
