package io.solstice.api.sink;

import io.solstice.common.error.ErrorCode;
import java.time.Duration;
import java.util.Map;

/**
 * Keeps rows at the workers for anybody who has a ticket to read with Arrow Flight's {@code DoGet}: from the first row,
 * while the job runs and for a while after it finished. What was read cannot be taken back: a reader of a job that
 * fails gets the rows up to then, and an error. Needs a cluster.
 *
 * @param bufferBytes how much each task keeps in memory; the rest is kept in a file of the worker
 * @param keep how long the rows stay after the job has finished
 */
public record FlightSink(int bufferBytes, Duration keep) implements SinkDefinition {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Duration KEEP = Duration.ofMinutes(10);

    public FlightSink {
        if (bufferBytes < 0 || keep.isNegative()) {
            throw ErrorCode.OPTION_INVALID
                    .error("cannot buffer " + bufferBytes + " bytes and keep them for " + keep)
                    .where("FlightSink")
                    .cause("neither can be negative")
                    .toException();
        }
    }

    public static FlightSink create() {
        return new FlightSink(BUFFER_BYTES, KEEP);
    }

    /** How much each task keeps in memory. */
    public FlightSink bufferBytes(int bytes) {
        return new FlightSink(bytes, keep);
    }

    /** How long the rows stay after the job has finished. */
    public FlightSink keep(Duration time) {
        return new FlightSink(bufferBytes, time);
    }

    @Override
    public Guarantee guarantee() {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public String type() {
        return "FlightSink";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("buffer_bytes", Integer.toString(bufferBytes), "keep", keep.toString());
    }
}
