package io.solstice.api.time;

import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far event time has come in one task of a stage.
 *
 * @param task its index
 * @param watermark no row older than this is expected any more; null before any is known
 * @param idle nothing has come for a while, so that it holds time back nowhere
 * @param waitsFor in a source: the split whose time this is, or what has to be read before any is known; else empty
 */
public record EventTime(int task, @Nullable Instant watermark, boolean idle, String waitsFor) {
    private static final Comparator<EventTime> OLDEST_FIRST =
            Comparator.comparing(EventTime::watermark, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()));

    /** As the engine tells it. */
    public static EventTime of(int task, TaskTime time) {
        Instant watermark =
                time.watermark() == SplitStart.NO_TIME ? null : Instant.EPOCH.plus(time.watermark(), ChronoUnit.MICROS);
        return new EventTime(task, watermark, time.idle(), time.holder());
    }

    /** Those of a stage whose tasks keep event time, in the order of their indices; empty for any other. */
    public static List<EventTime> kept(List<EventTime> all) {
        boolean keeps = all.stream()
                .anyMatch(time -> time.watermark() != null
                        || time.idle()
                        || !time.waitsFor().isEmpty());
        return keeps
                ? all.stream().sorted(Comparator.comparingInt(EventTime::task)).toList()
                : List.of();
    }

    /** The one that holds the others back; empty if all are idle, or there are none. */
    public static Optional<EventTime> slowest(Collection<EventTime> all) {
        return all.stream().filter(time -> !time.idle()).min(OLDEST_FIRST);
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("task", task);
        map.put("watermark", watermark == null ? "" : watermark.toString());
        map.put("idle", idle);
        map.put("waits_for", waitsFor);
        return map;
    }
}
