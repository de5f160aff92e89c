package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Windows;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregation is to give, worked out row by row with lists and maps, by the words of the documentation: every
 * window has the list of its rows.
 */
final class Oracle {
    private final AggregateOperator definition;
    private final long lateness;
    private final long early;
    private long watermark = Long.MIN_VALUE;
    /** By key; windows of one key in the order of their starts. */
    private final Map<List<@Nullable Object>, List<Window>> windows = new LinkedHashMap<>();

    private final List<String> given = new ArrayList<>();
    private final List<Row> aside = new ArrayList<>();

    private static final class Window {
        private long start;
        private long end;
        private final List<Row> rows = new ArrayList<>();
        private boolean done;
        private boolean changed;
        private boolean late;
        private int panes;
    }

    Oracle(AggregateOperator definition) {
        this.definition = definition;
        this.lateness = definition.latenessMicros();
        this.early = definition.earlyMicros();
    }

    /** What the last step gave, in no order. */
    List<String> given() {
        List<String> all = given.stream().sorted().toList();
        given.clear();
        return all;
    }

    List<String> aside() {
        List<String> all = aside.stream().map(Row::toString).sorted().toList();
        aside.clear();
        return all;
    }

    static long micros(Object time) {
        if (time instanceof Long micros) {
            return micros;
        }
        Instant instant = time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : (Instant) time;
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    void rows(List<Row> batch) {
        for (Row row : batch) {
            Object time = row.get("event_time");
            if (definition.window() == null) {
                only(key(row)).rows.add(row);
            } else if (time == null) {
                aside.add(row);
            } else if (definition.window() instanceof Windows.Session session) {
                session(row, micros(time), session.gapMicros());
            } else {
                aligned(row, micros(time));
            }
        }
        for (Map.Entry<List<@Nullable Object>, List<Window>> entry : windows.entrySet()) {
            for (Window window : entry.getValue()) {
                if (window.late && window.end <= watermark) {
                    give(entry.getKey(), window, true);
                    window.done = true;
                } else if (window.late) {
                    window.done = false;
                }
                window.late = false;
            }
        }
    }

    private List<@Nullable Object> key(Row row) {
        List<@Nullable Object> key = new ArrayList<>();
        for (String name : definition.keys()) {
            Object value = row.get(name);
            key.add(value instanceof Double number ? number + 0.0 : value);
        }
        return key;
    }

    private Window only(List<@Nullable Object> key) {
        return windows.computeIfAbsent(key, none -> new ArrayList<>(List.of(new Window())))
                .get(0);
    }

    private void aligned(Row row, long time) {
        long size;
        long slide;
        long offset;
        if (definition.window() instanceof Windows.Sliding sliding) {
            size = sliding.sizeMicros();
            slide = sliding.slideMicros();
            offset = sliding.offsetMicros();
        } else {
            Windows.Tumbling tumbling = (Windows.Tumbling) Objects.requireNonNull(definition.window());
            size = tumbling.sizeMicros();
            slide = size;
            offset = tumbling.offsetMicros();
        }
        long start = Math.floorDiv(time - offset, slide) * slide + offset;
        if (start + size + lateness <= watermark) {
            aside.add(row);
            return;
        }
        for (; start + size > time; start -= slide) {
            if (start + size + lateness > watermark) {
                Window window = at(key(row), start, start + size);
                window.rows.add(row);
                window.changed = true;
                window.late |= window.end <= watermark;
            }
        }
    }

    private Window at(List<@Nullable Object> key, long start, long end) {
        List<Window> all = windows.computeIfAbsent(key, none -> new ArrayList<>());
        for (Window window : all) {
            if (window.start == start) {
                return window;
            }
        }
        Window window = new Window();
        window.start = start;
        window.end = end;
        all.add(window);
        return window;
    }

    private void session(Row row, long time, long gap) {
        List<Window> all = windows.computeIfAbsent(key(row), none -> new ArrayList<>());
        List<Window> overlapping = all.stream()
                .filter(window -> time < window.end && window.start < time + gap)
                .toList();
        if (overlapping.isEmpty() && time + gap + lateness <= watermark) {
            aside.add(row);
            return;
        }
        Window joined = new Window();
        joined.start = time;
        joined.end = time + gap;
        joined.late = overlapping.isEmpty() && time + gap <= watermark;
        for (Window window : overlapping) {
            joined.start = Math.min(joined.start, window.start);
            joined.end = Math.max(joined.end, window.end);
            joined.rows.addAll(window.rows);
            joined.done |= window.done;
            joined.panes = Math.max(joined.panes, window.panes);
            joined.late |= window.late;
        }
        joined.rows.add(row);
        joined.changed = true;
        joined.late |= joined.done;
        all.removeAll(overlapping);
        all.add(joined);
    }

    void mark(long to) {
        if (to <= watermark) {
            return;
        }
        long before = watermark;
        watermark = to;
        if (definition.window() != null) {
            forEach((key, window) -> {
                if (!window.done && window.end <= watermark) {
                    window.done = true;
                    give(key, window, false);
                }
            });
            windows.values().forEach(all -> all.removeIf(window -> window.end + lateness <= watermark));
            if (early > 0 && to < Long.MAX_VALUE && Math.floorDiv(before, early) < Math.floorDiv(to, early)) {
                early();
            }
        } else if (to == Long.MAX_VALUE) {
            forEach((key, window) -> give(key, window, false));
        }
    }

    private void early() {
        forEach((key, window) -> {
            if (!window.done && window.changed) {
                give(key, window, false);
            }
            window.changed = false;
        });
    }

    private void forEach(java.util.function.BiConsumer<List<@Nullable Object>, Window> action) {
        windows.forEach((key, all) -> List.copyOf(all).forEach(window -> action.accept(key, window)));
    }

    private void give(List<@Nullable Object> key, Window window, boolean late) {
        Map<String, @Nullable Object> row = new TreeMap<>();
        for (int i = 0; i < key.size(); i++) {
            row.put(definition.keys().get(i), key.get(i));
        }
        if (definition.window() != null) {
            row.put("window_start", Instant.EPOCH.plus(window.start, ChronoUnit.MICROS));
            row.put("window_end", Instant.EPOCH.plus(window.end, ChronoUnit.MICROS));
        }
        if (definition.hasPanes()) {
            row.put("pane_index", window.panes++);
            row.put("is_late", late);
        }
        if (definition.window() instanceof Windows.Session) {
            window.changed = false;
        }
        for (Aggregate aggregate : definition.aggregates()) {
            row.put(aggregate.name(), value(aggregate, window.rows));
        }
        given.add(text(row));
    }

    static String text(Map<String, @Nullable Object> row) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        row.forEach((name, value) -> sorted.put(
                name,
                value instanceof List<?> list && name.startsWith("collect")
                        ? list.stream().map(String::valueOf).sorted().toList()
                        : value));
        return sorted.toString();
    }

    private static Comparator<Object> order() {
        return (one, other) -> one instanceof String left
                ? left.compareTo((String) other)
                : one instanceof Long left
                        ? Long.compare(left, (Long) other)
                        : Double.compare((Double) one, (Double) other);
    }

    private @Nullable Object value(Aggregate aggregate, List<Row> rows) {
        boolean timed = definition.window() != null;
        List<Row> those = rows.stream()
                .filter(row -> !aggregate.column().isEmpty() && row.get(aggregate.column()) != null)
                .toList();
        List<Object> values = those.stream()
                .map(row -> Objects.requireNonNull(row.get(aggregate.column())))
                .toList();
        Stream<Row> ordered = timed
                ? those.stream()
                        .sorted(Comparator.comparing(row -> micros(Objects.requireNonNull(row.get("event_time")))))
                : those.stream();
        switch (aggregate.kind()) {
            case COUNT -> {
                return (long) rows.size();
            }
            case CUSTOM -> {
                long sum = rows.stream()
                        .mapToLong(row -> row.get("v") == null ? 0 : row.getLong("v"))
                        .sum();
                return sum + "/" + rows.size();
            }
            case COUNT_VALUES -> {
                return (long) values.size();
            }
            case DISTINCT, APPROX_DISTINCT -> {
                return (long) Set.copyOf(values).size();
            }
            default -> {
                if (values.isEmpty()) {
                    return null;
                }
            }
        }
        boolean whole = values.get(0) instanceof Long;
        double total = whole
                ? 0
                : values.stream()
                        .mapToDouble(v -> v instanceof Double d ? d : 0)
                        .sum();
        long sum = whole ? values.stream().mapToLong(v -> (Long) v).sum() : 0;
        List<Object> sorted = values.stream().sorted(order()).toList();
        return switch (aggregate.kind()) {
            case SUM -> whole ? (Object) sum : (Object) total;
            case AVG -> (whole ? sum : total) / values.size();
            case MIN -> sorted.get(0);
            case MAX -> sorted.get(sorted.size() - 1);
            case FIRST -> ordered.findFirst().orElseThrow().get(aggregate.column());
            case LAST -> last(ordered.toList()).get(aggregate.column());
            case QUANTILE ->
                ((Long) sorted.get((int) Math.ceil(aggregate.parameter() * sorted.size()) - 1)).doubleValue();
            case TOP ->
                sorted.stream()
                        .sorted(order().reversed())
                        .limit((long) aggregate.parameter())
                        .toList();
            case LATEST -> {
                List<Object> newest = latest(aggregate, timed, those);
                yield newest.subList(Math.max(0, newest.size() - (int) aggregate.parameter()), newest.size());
            }
            case MAX_BY, MIN_BY -> leading(aggregate, timed, those);
            case COLLECT -> values;
            default -> throw new IllegalStateException(aggregate.toString());
        };
    }

    private static List<Object> latest(Aggregate aggregate, boolean timed, List<Row> rows) {
        Comparator<Row> byTime = Comparator.comparing(row -> micros(Objects.requireNonNull(row.get("event_time"))));
        Comparator<Row> byValue =
                Comparator.comparing(row -> Objects.requireNonNull(row.get(aggregate.column())), order());
        Stream<Row> sorted = timed ? rows.stream().sorted(byTime.thenComparing(byValue)) : rows.stream();
        return sorted.map(row -> Objects.requireNonNull(row.get(aggregate.column())))
                .toList();
    }

    private static @Nullable Object leading(Aggregate aggregate, boolean timed, List<Row> rows) {
        Comparator<Row> order =
                Comparator.comparing(row -> Objects.requireNonNull(row.get(aggregate.column())), order());
        order = aggregate.kind() == Aggregate.Kind.MAX_BY ? order.reversed() : order;
        if (timed) {
            order = order.thenComparing(row -> micros(Objects.requireNonNull(row.get("event_time"))));
            for (String result : aggregate.results()) {
                if (!result.equals("event_time")) {
                    order = order.thenComparing(row -> row.get(result), Comparator.nullsFirst(order()));
                }
            }
        }
        Row leading = rows.stream().sorted(order).findFirst().orElseThrow();
        if (aggregate.results().size() == 1) {
            return leading.get(aggregate.results().get(0));
        }
        Row results = Row.EMPTY;
        for (String result : aggregate.results()) {
            results = results.with(result, leading.get(result));
        }
        return results;
    }

    private static Row last(List<Row> rows) {
        return rows.get(rows.size() - 1);
    }

    /** The rows as texts, however a run names them. */
    static List<String> texts(List<Row> rows) {
        List<String> texts = new ArrayList<>();
        for (Row row : rows) {
            texts.add(text(new HashMap<>(row.toMap())));
        }
        texts.sort(null);
        return texts;
    }
}
