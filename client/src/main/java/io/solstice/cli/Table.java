package io.solstice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows under a heading, each column as wide as its widest cell; numbers stand to the right. */
final class Table {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[\\d.,]+( ?[kKMGT]i?B| s| ms)?|-");

    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heading) {
        this.heading = List.of(heading);
    }

    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    List<String> lines() {
        int columns = heading.size();
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            right[at] = !rows.isEmpty()
                    && rows.stream().allMatch(row -> NUMBER.matcher(row.get(at)).matches());
            widths[at] = heading.get(at).length();
            rows.forEach(row -> widths[at] = Math.max(widths[at], row.get(at).length()));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(heading, widths, right));
        rows.forEach(row -> lines.add(line(row, widths, right)));
        return lines;
    }

    private static String line(List<String> cells, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String gap = " ".repeat(widths[column] - cells.get(column).length());
            line.append(column == 0 ? "" : "  ");
            line.append(right[column] ? gap + cells.get(column) : cells.get(column) + gap);
        }
        return line.toString().stripTrailing();
    }
}
