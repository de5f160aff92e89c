package io.solstice.bench.measure;

import java.util.List;

/** Of a number of values: the smallest one that so many of them do not exceed. */
public record Percentiles(List<Long> sorted) {
    public static Percentiles of(List<Long> values) {
        return new Percentiles(values.stream().sorted().toList());
    }

    public int count() {
        return sorted.size();
    }

    /** @param part of 100; -1 of no values */
    public long at(double part) {
        if (sorted.isEmpty()) {
            return -1;
        }
        int rank = (int) Math.ceil(part / 100 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }
}
