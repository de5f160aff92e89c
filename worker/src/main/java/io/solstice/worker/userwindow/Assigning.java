package io.solstice.worker.userwindow;

import io.solstice.api.operator.WindowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.TimeWindow;
import io.solstice.api.window.WindowAssigner;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.worker.time.TimeColumn;
import io.solstice.worker.window.SliceGrid;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** To which windows a row belongs, before sessions are joined. */
@FunctionalInterface
interface Assigning {
    /** @param time of the row, in microseconds since 1970-01-01 UTC */
    Collection<Span> spans(Row row, long time) throws Exception;

    static Assigning of(WindowOperator definition) {
        WindowAssigner assigner = definition.assigner();
        if (assigner != null) {
            return (row, time) -> spans(assigner.windows(row, Instant.EPOCH.plus(time, ChronoUnit.MICROS)));
        }
        Windows windows = definition.window();
        if (windows == null) {
            throw ErrorCode.OPTION_MISSING
                    .error("the function has no windows")
                    .where("WindowOperator")
                    .help("add .window(Windows.tumbling(…)), or windows of your own")
                    .toException();
        }
        if (windows instanceof Windows.Session session) {
            return (row, time) -> List.of(new Span(time, time + session.gapMicros()));
        }
        SliceGrid grid = SliceGrid.of(windows);
        return (row, time) -> {
            long slice = grid.sliceOf(time);
            List<Span> spans = new ArrayList<>();
            for (long start = grid.firstWindow(slice); start <= grid.lastWindow(slice); start += grid.slide()) {
                spans.add(new Span(start, start + grid.size()));
            }
            return spans;
        };
    }

    private static Set<Span> spans(Collection<TimeWindow> windows) {
        Set<Span> spans = new LinkedHashSet<>();
        for (TimeWindow window : windows) {
            spans.add(new Span(micros(window.start(), window), micros(window.end(), window)));
        }
        return spans;
    }

    private static long micros(Instant moment, TimeWindow window) {
        long micros = UserWindows.micros(moment);
        if (!TimeColumn.isTime(micros)) {
            throw ErrorCode.OPTION_INVALID
                    .error("a window from " + window.start() + " to " + window.end()
                            + " is further away than 73,000 years")
                    .where("WindowAssigner.windows")
                    .toException();
        }
        return micros;
    }
}
