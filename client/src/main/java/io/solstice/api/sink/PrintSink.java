package io.solstice.api.sink;

import java.util.Map;

/**
 * Prints rows to standard output as {@code [n] Key: …, Value: …}, where n counts the rows of one task and the key is
 * the column {@code key} if there is one. What has been printed cannot be taken back, so a job that fails has printed a
 * part.
 *
 * @param limit print at most so many rows a task and only count the others; 0 for no limit
 */
public record PrintSink(long limit) implements SinkDefinition {
    public static PrintSink create() {
        return new PrintSink(0);
    }

    @Override
    public Guarantee guarantee() {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public String type() {
        return "PrintSink";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("limit", Long.toString(limit));
    }
}
