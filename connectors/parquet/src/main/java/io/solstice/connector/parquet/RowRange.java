package io.solstice.connector.parquet;

import io.solstice.common.protocol.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole row groups of a file, as rows {@code from} to {@code to}. As a split's payload: {@code from:to:path}.
 *
 * @param to one past the last row
 */
record RowRange(Path file, long from, long to) {
    /** Opening a split costs a few milliseconds, so that small row groups are read together. */
    private static final long ROWS_WORTH_A_SPLIT = 400_000;

    static List<RowRange> of(Path file, List<Long> rowGroups) {
        List<RowRange> ranges = new ArrayList<>();
        long from = 0;
        long to = 0;
        for (long rows : rowGroups) {
            to += rows;
            if (to - from >= ROWS_WORTH_A_SPLIT) {
                ranges.add(new RowRange(file, from, to));
                from = to;
            }
        }
        if (to > from) {
            ranges.add(new RowRange(file, from, to));
        }
        return ranges;
    }

    Split toSplit() {
        return new Split(file + "#" + from, from + ":" + to + ":" + file, to - from);
    }

    static RowRange of(Split split) {
        String[] parts = split.payload().split(":", 3);
        return new RowRange(Path.of(parts[2]), Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
