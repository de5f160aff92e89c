package io.solstice.connector.files;

import io.solstice.api.source.SourceContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines that are left out are told of together with the row that follows them, or with the end of the split. So a reader
 * that begins behind a number of rows knows which of them have been told of before: those in front of these rows.
 */
final class SkippedLines {
    /** So many lines without a row between them are told of without waiting, to bound memory. */
    private static final int MOST_HELD = 1000;

    private final SourceContext context;
    private final List<Line> held = new ArrayList<>();

    private record Line(String place, String raw, Throwable why) {}

    SkippedLines(SourceContext context) {
        this.context = context;
    }

    void add(String place, String raw, Throwable why) {
        held.add(new Line(place, raw, why));
        if (held.size() == MOST_HELD) {
            tell();
        }
    }

    void tell() {
        if (!held.isEmpty()) {
            held.forEach(line -> context.skip(line.place(), line.raw(), line.why()));
            held.clear();
        }
    }
}
