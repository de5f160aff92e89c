package io.solstice.api.source;

import io.solstice.common.error.ErrorCode;
import java.util.Map;

/**
 * Makes rows out of nothing: numbers, or mock events.
 *
 * <p>{@link #numbers} has one column, {@code number} (int64), counting from {@code first}. {@link #mockEvents} has the
 * columns of a stream of user events: {@code event_type} ({@code user_action}, {@code sensor_reading},
 * {@code transaction} or {@code click}), {@code partition_key} ({@code partition_0} to {@code partition_3}),
 * {@code value} (float64, 0 to 100), {@code event_time} (microseconds UTC) and {@code offset} (int64). Row n is a pure
 * function of the seed and n.
 *
 * @param rows how many; {@link #WITHOUT_END} for a source that never ends, which has one split
 * @param rowsPerSecond at most so many rows a second over all tasks, 0 for as fast as possible
 * @param splits into how many pieces the rows are divided
 */
public record GeneratorSource(Kind kind, long first, long rows, long seed, double rowsPerSecond, int splits)
        implements SourceDefinition {
    /** As the number of rows: more than anybody can wait for. */
    public static final long WITHOUT_END = Long.MAX_VALUE;

    /** What is made. */
    public enum Kind {
        NUMBERS,
        MOCK_EVENTS
    }

    public GeneratorSource {
        if (rows < 0 || rowsPerSecond < 0 || splits < 1) {
            throw ErrorCode.OPTION_INVALID
                    .error("cannot generate " + rows + " rows at " + rowsPerSecond + " a second in " + splits
                            + " splits")
                    .where("GeneratorSource")
                    .cause("rows and rows a second must not be negative, and there must be at least one split")
                    .toException();
        }
    }

    /** The numbers {@code first} to {@code last}, both included. */
    public static GeneratorSource numbers(long first, long last) {
        return new GeneratorSource(Kind.NUMBERS, first, Math.max(0, last - first + 1), 0, 0, 1);
    }

    public static GeneratorSource mockEvents(long rows) {
        return new GeneratorSource(Kind.MOCK_EVENTS, 0, rows, 42, 0, 1);
    }

    public GeneratorSource seed(long value) {
        return new GeneratorSource(kind, first, rows, value, rowsPerSecond, splits);
    }

    public GeneratorSource rowsPerSecond(double limit) {
        return new GeneratorSource(kind, first, rows, seed, limit, splits);
    }

    public GeneratorSource splits(int pieces) {
        return new GeneratorSource(kind, first, rows, seed, rowsPerSecond, pieces);
    }

    @Override
    public String type() {
        return "GeneratorSource";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("kind", kind.name(), "rows", Long.toString(rows), "seed", Long.toString(seed));
    }
}
