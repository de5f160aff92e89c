package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Windows;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a join is to give, worked out with nested loops over lists of rows, by the words of the documentation. */
final class Oracle {
    private final Case join;
    private final JoinOperator definition;
    private final List<List<Kept>> kept = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<Row> waiting = new ArrayList<>();
    private final boolean[] ended = new boolean[2];
    private final List<String> given = new ArrayList<>();
    private final List<String> aside = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long clock;

    private static final class Kept {
        private final Row row;
        private final long time;
        private boolean met;

        Kept(Row row, long time) {
            this.row = row;
            this.time = time;
        }
    }

    Oracle(Case join) {
        this.join = join;
        this.definition = join.definition();
    }

    List<String> given() {
        List<String> all = given.stream().sorted().toList();
        given.clear();
        return all;
    }

    List<String> aside() {
        List<String> all = aside.stream().sorted().toList();
        aside.clear();
        return all;
    }

    /** @param rows as a batch gives them back */
    void step(Case.Step step, List<Row> rows) {
        if (step instanceof Case.Rows some) {
            add(some.input(), rows);
        } else if (step instanceof Case.Mark mark) {
            mark(mark.micros());
        } else if (step instanceof Case.Tick tick) {
            clock += tick.millis() * 1_000;
            expireByClock();
        } else if (step instanceof Case.EndOfInput end) {
            endOf(end.input());
        } else if (step instanceof Case.End) {
            if (isWhole() && !ended[1]) {
                endOf(1);
            }
            mark(Long.MAX_VALUE);
            if (!definition.isTimed()) {
                letGo(0, Long.MAX_VALUE);
                letGo(1, Long.MAX_VALUE);
            }
        }
    }

    private boolean isWhole() {
        return definition.scope() instanceof JoinOperator.Whole || definition.scope() instanceof JoinOperator.Lookup;
    }

    private void add(int input, List<Row> rows) {
        List<Kept> fresh = new ArrayList<>();
        for (Row row : rows) {
            if (!definition.isTimed()) {
                fresh.add(new Kept(row, clock));
                continue;
            }
            Object time = row.get(input == 0 ? definition.leftTime() : definition.rightTime());
            if (time == null || isLate(micros(time))) {
                aside.add(row.toString());
            } else {
                fresh.add(new Kept(row, micros(time)));
            }
        }
        if (definition.scope() instanceof JoinOperator.Windowed) {
            kept.get(input).addAll(fresh);
        } else if (isWhole()) {
            if (input == 1) {
                kept.get(1).addAll(fresh);
            } else if (ended[1]) {
                fresh.forEach(row -> meet(0, row, false));
            } else {
                fresh.forEach(row -> waiting.add(row.row));
            }
        } else {
            for (Kept row : fresh) {
                meet(input, row, !ended[1 - input]);
            }
        }
    }

    private void meet(int input, Kept row, boolean stays) {
        for (Kept other : kept.get(1 - input)) {
            Kept left = input == 0 ? row : other;
            Kept right = input == 0 ? other : row;
            boolean near = !(definition.scope() instanceof JoinOperator.Between between)
                    || right.time - left.time >= between.fromMicros() && right.time - left.time <= between.toMicros();
            if (near && equalKeys(left.row, right.row)) {
                left.met = true;
                right.met = true;
                give(left.row, right.row, null);
            }
        }
        if (stays) {
            kept.get(input).add(row);
        } else {
            leave(input, row, null);
        }
    }

    private void leave(int input, Kept row, @Nullable Long window) {
        boolean wanted =
                input == 0 ? definition.kind().keepsLeft() : definition.kind().keepsRight();
        if (!row.met && wanted) {
            give(input == 0 ? row.row : null, input == 0 ? null : row.row, window);
        }
    }

    private void letGo(int input, long before) {
        for (Kept row : List.copyOf(kept.get(input))) {
            if (row.time < before) {
                leave(input, row, null);
                kept.get(input).remove(row);
            }
        }
    }

    private void expireByClock() {
        if (definition.scope() instanceof JoinOperator.Kept keeping) {
            letGo(0, clock - keeping.micros() + 1);
            letGo(1, clock - keeping.micros() + 1);
        }
    }

    private void endOf(int input) {
        ended[input] = true;
        if (isWhole()) {
            if (input == 1) {
                waiting.forEach(row -> meet(0, new Kept(row, 0), false));
                waiting.clear();
            }
        } else if (!(definition.scope() instanceof JoinOperator.Windowed)) {
            letGo(1 - input, Long.MAX_VALUE);
        }
    }

    private boolean isLate(long time) {
        if (definition.scope() instanceof JoinOperator.Between) {
            return time < watermark;
        }
        long last = Math.floorDiv(time, slide()) * slide();
        return last + size() <= watermark;
    }

    private long size() {
        return window() instanceof Windows.Sliding sliding
                ? sliding.sizeMicros()
                : ((Windows.Tumbling) window()).sizeMicros();
    }

    private long slide() {
        return window() instanceof Windows.Sliding sliding ? sliding.slideMicros() : size();
    }

    private Windows window() {
        return ((JoinOperator.Windowed) definition.scope()).window();
    }

    private void mark(long to) {
        if (to <= watermark) {
            return;
        }
        long before = watermark;
        watermark = to;
        if (definition.scope() instanceof JoinOperator.Between between) {
            letGo(0, to == Long.MAX_VALUE ? to : to - between.toMicros());
            letGo(1, to == Long.MAX_VALUE ? to : to + between.fromMicros());
        } else if (definition.scope() instanceof JoinOperator.Windowed) {
            TreeSet<Long> starts = new TreeSet<>();
            for (List<Kept> side : kept) {
                for (Kept row : side) {
                    for (long start = Math.floorDiv(row.time, slide()) * slide();
                            start + size() > row.time;
                            start -= slide()) {
                        if (start + size() > before && start + size() <= to) {
                            starts.add(start);
                        }
                    }
                }
            }
            starts.forEach(this::fire);
            for (List<Kept> side : kept) {
                side.removeIf(row -> Math.floorDiv(row.time, slide()) * slide() + size() <= to);
            }
        }
    }

    private void fire(long start) {
        List<List<Kept>> inside = new ArrayList<>();
        for (List<Kept> side : kept) {
            inside.add(side.stream()
                    .filter(row -> row.time >= start && row.time < start + size())
                    .map(row -> new Kept(row.row, row.time))
                    .toList());
        }
        for (Kept left : inside.get(0)) {
            for (Kept right : inside.get(1)) {
                if (equalKeys(left.row, right.row)) {
                    left.met = true;
                    right.met = true;
                    give(left.row, right.row, start);
                }
            }
        }
        inside.get(0).forEach(row -> leave(0, row, start));
        inside.get(1).forEach(row -> leave(1, row, start));
    }

    private boolean equalKeys(Row left, Row right) {
        for (int i = 0; i < definition.leftKeys().size(); i++) {
            Object one = left.get(definition.leftKeys().get(i));
            Object other = right.get(definition.rightKeys().get(i));
            if (one == null || other == null) {
                return false;
            }
            if (!(one instanceof Double number
                    ? Double.valueOf(number + 0.0).equals((Double) other + 0.0)
                    : one.equals(other))) {
                return false;
            }
        }
        return true;
    }

    static long micros(Object time) {
        if (time instanceof Long micros) {
            return micros;
        }
        Instant instant = time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : (Instant) time;
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private void give(@Nullable Row left, @Nullable Row right, @Nullable Long window) {
        Map<String, @Nullable Object> row = new HashMap<>();
        join.left().getFields().forEach(f -> row.put(f.getName(), left == null ? null : left.get(f.getName())));
        join.right().getFields().forEach(f -> {
            String name = f.getName();
            int key = definition.rightKeys().indexOf(name);
            Object value = right == null ? null : right.get(name);
            if (key >= 0 && definition.leftKeys().get(key).equals(name)) {
                if (left == null) {
                    row.put(name, value);
                }
            } else {
                row.put(row.containsKey(name) ? "right_" + name : name, value);
            }
        });
        if (window != null) {
            row.put("window_start", Instant.EPOCH.plus(window, ChronoUnit.MICROS));
            row.put("window_end", Instant.EPOCH.plus(window + size(), ChronoUnit.MICROS));
        }
        given.add(text(row));
    }

    static String text(Map<String, ? extends @Nullable Object> row) {
        return new TreeMap<>(Objects.requireNonNull(row)).toString();
    }
}
