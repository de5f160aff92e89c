package io.solstice.bench.measure;

import java.util.List;
import java.util.Locale;

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

    /** A line that says how long the checkpoints of a run took, if these are their milliseconds. */
    public String json(String system, String query, String variant) {
        return String.format(
                Locale.ROOT,
                "{\"system\":\"%s\",\"query\":\"%s\",\"variant\":\"%s\",\"checkpoints\":%d,\"p50_ms\":%d,\"max_ms\":%d}",
                system,
                query,
                variant,
                count(),
                at(50),
                at(100));
    }
}
