package io.solstice.worker.userwindow;

import io.solstice.api.row.Row;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.MapState;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows of the key that is being handled, their rows, and the moments that they wait for. In the names of entries,
 * numbers have 16 digits whose order is that of the numbers.
 */
final class WindowStates {
    private static final int DIGITS = 16;

    /** By start and end. */
    private final MapState<Row> windows;
    /** By number of the window and place. */
    private final MapState<Row> rows;
    /** What triggers keep, by number of the window. */
    private final MapState<Row> kept;
    /** By moment and number of the window: whether a trigger asked for it. */
    private final MapState<Boolean> calls;

    private final MapState<Boolean> clockCalls;
    private final ValueState<Long> numbers;

    /** A window waits for a moment no more. */
    record Call(OpenWindow window, boolean asked) {}

    WindowStates(States states) {
        windows = states.map("windows", Row.class);
        rows = states.map("rows", Row.class);
        kept = states.map("kept", Row.class);
        calls = states.map("calls", Boolean.class);
        clockCalls = states.map("clock_calls", Boolean.class);
        numbers = states.value("numbers", Long.class);
    }

    private static String digits(long number) {
        return HexFormat.of().toHexDigits(number ^ Long.MIN_VALUE);
    }

    private static String name(Span span) {
        return digits(span.start()) + digits(span.end());
    }

    @Nullable
    OpenWindow find(Span span) {
        Row found = windows.get(name(span));
        return found == null ? null : OpenWindow.of(found);
    }

    /** In the order of their starts. */
    List<OpenWindow> all() {
        return windows.scan("").values().stream().map(OpenWindow::of).toList();
    }

    OpenWindow add(Span span) {
        Long last = numbers.get();
        long number = last == null ? 0 : last + 1;
        numbers.set(number);
        OpenWindow window = OpenWindow.fresh(span, number);
        put(window);
        return window;
    }

    void put(OpenWindow window) {
        windows.put(name(window.span()), window.toRow());
    }

    /** Forgets a window that is no more between its start and end, and nothing that belongs to it. */
    void leave(OpenWindow window) {
        windows.remove(name(window.span()));
    }

    /** Forgets a window and all that belongs to it. */
    void remove(OpenWindow window, KeyContext key) {
        leave(window);
        removeRows(window);
        kept.remove(digits(window.number()));
        removeCalls(window, key, true);
        removeCalls(window, key, false);
        if (windows.scan("").isEmpty()) {
            numbers.set(null);
        }
    }

    OpenWindow addRow(OpenWindow window, Row row) {
        rows.put(digits(window.number()) + digits(window.next()), row);
        OpenWindow more = window.withRow();
        put(more);
        return more;
    }

    List<Row> rows(OpenWindow window) {
        return List.copyOf(rows.scan(digits(window.number())).values());
    }

    /** The rows that it has not been given out with. */
    List<Row> rowsNotGiven(OpenWindow window) {
        String first = digits(window.number()) + digits(window.given());
        return List.copyOf(rows.scan(digits(window.number())).tailMap(first).values());
    }

    void removeRows(OpenWindow window) {
        List.copyOf(rows.scan(digits(window.number())).keySet()).forEach(rows::remove);
    }

    Row kept(OpenWindow window) {
        Row found = kept.get(digits(window.number()));
        return found == null ? Row.EMPTY : found;
    }

    void keep(OpenWindow window, Row values) {
        if (values.names().isEmpty()) {
            kept.remove(digits(window.number()));
        } else {
            kept.put(digits(window.number()), values);
        }
    }

    private MapState<Boolean> calls(boolean eventTime) {
        return eventTime ? calls : clockCalls;
    }

    /** @param asked whether a trigger asks for it */
    void callAt(OpenWindow window, long micros, boolean eventTime, boolean asked, KeyContext key) {
        String entry = digits(micros) + digits(window.number());
        MapState<Boolean> all = calls(eventTime);
        if (asked || all.get(entry) == null) {
            all.put(entry, asked);
        }
        Instant moment = UserWindows.moment(micros);
        if (eventTime) {
            key.setTimer(moment);
        } else {
            key.setClockTimer(moment);
        }
    }

    /** Takes out what waits for a moment that has come. */
    List<Call> takeCalls(long micros, boolean eventTime) {
        List<Call> due = new ArrayList<>();
        List<OpenWindow> known = all();
        for (Map.Entry<String, Boolean> call :
                calls(eventTime).scan(digits(micros)).entrySet()) {
            calls(eventTime).remove(call.getKey());
            String number = call.getKey().substring(DIGITS);
            known.stream()
                    .filter(window -> digits(window.number()).equals(number))
                    .forEach(window -> due.add(new Call(window, call.getValue())));
        }
        return due;
    }

    private void removeCalls(OpenWindow window, KeyContext key, boolean eventTime) {
        MapState<Boolean> all = calls(eventTime);
        String number = digits(window.number());
        for (String entry : List.copyOf(all.scan("").keySet())) {
            if (!entry.endsWith(number)) {
                continue;
            }
            all.remove(entry);
            String moment = entry.substring(0, DIGITS);
            if (all.scan(moment).isEmpty()) {
                Instant time = UserWindows.moment(HexFormat.fromHexDigitsToLong(moment) ^ Long.MIN_VALUE);
                if (eventTime) {
                    key.deleteTimer(time);
                } else {
                    key.deleteClockTimer(time);
                }
            }
        }
    }
}
