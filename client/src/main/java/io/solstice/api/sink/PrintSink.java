package io.solstice.api.sink;

import java.util.Map;

/**
 * Prints rows to standard output as {@code [n] Key: …, Value: …}, where n counts the rows of one task and the key is
 * the column {@code key} if there is one. What has been printed cannot be taken back, so a job that fails has printed a
 * part.
 *
 * @param limit print at most so many rows a task and only count the others; 0 for no limit
 * @param label prints {@code label #n: row} instead; empty for the form above
 */
public record PrintSink(long limit, String label) implements SinkDefinition {
    public PrintSink(long limit) {
        this(limit, "");
    }

    public static PrintSink create() {
        return new PrintSink(0);
    }

    /** Prints {@code label #n: row}; of rows with one column of text, that text. */
    public static PrintSink numbered(String label) {
        return new PrintSink(0, label);
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
        String number = Long.toString(limit);
        return label.isEmpty() ? Map.of("limit", number) : Map.of("limit", number, "label", label);
    }
}
