package io.solstice.worker.userwindow;

import io.solstice.api.row.Row;
import io.solstice.api.window.TimeWindow;

/**
 * A window of a key that is not forgotten. Times in microseconds since 1970-01-01 UTC.
 *
 * @param number by which its rows and calls are kept, whatever becomes of its start and end
 * @param rows how many it has
 * @param next the place of its next row
 * @param given the place of the first row that it has not been given out with
 * @param panes how often it has been given out
 */
record OpenWindow(long start, long end, long number, long rows, long next, long given, int panes) {
    static OpenWindow fresh(Span span, long number) {
        return new OpenWindow(span.start(), span.end(), number, 0, 0, 0, 0);
    }

    static OpenWindow of(Row row) {
        return new OpenWindow(
                row.getLong("start"),
                row.getLong("end"),
                row.getLong("number"),
                row.getLong("rows"),
                row.getLong("next"),
                row.getLong("given"),
                (int) row.getLong("panes"));
    }

    Row toRow() {
        return Row.of(
                "start",
                start,
                "end",
                end,
                "number",
                number,
                "rows",
                rows,
                "next",
                next,
                "given",
                given,
                "panes",
                (long) panes);
    }

    Span span() {
        return new Span(start, end);
    }

    TimeWindow window() {
        return TimeWindow.ofMicros(start, end);
    }

    OpenWindow between(Span other) {
        return new OpenWindow(other.start(), other.end(), number, rows, next, given, panes);
    }

    OpenWindow withRow() {
        return new OpenWindow(start, end, number, rows + 1, next + 1, given, panes);
    }

    OpenWindow givenOut() {
        return new OpenWindow(start, end, number, rows, next, next, panes + 1);
    }

    OpenWindow withoutRows() {
        return new OpenWindow(start, end, number, 0, next, next, panes);
    }

    OpenWindow atLeastPanes(int least) {
        return new OpenWindow(start, end, number, rows, next, given, Math.max(panes, least));
    }
}
