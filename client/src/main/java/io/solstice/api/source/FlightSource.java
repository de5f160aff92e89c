package io.solstice.api.source;

import io.solstice.common.error.ErrorCode;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Takes rows from anybody who has a ticket to send them with Arrow Flight's {@code DoPut}, and holds senders back while
 * the job is busy. Needs a cluster. Rows that were sent to a job that then fails are lost: whoever sends keeps them.
 *
 * <p>Each place takes any number of streams at the same time. Its input ends when {@code streams} streams have ended
 * well, or when a Flight action {@code end} says so.
 *
 * @param schema the columns that will come; a stream with others is refused
 * @param places how many tasks take streams: the parallelism of the stage
 * @param streams after how many ended streams a place's input ends, or 0 if only the action ends it
 */
public record FlightSource(Schema schema, int places, int streams) implements SourceDefinition {
    public FlightSource {
        if (places < 1 || streams < 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("cannot take " + streams + " streams at " + places + " places")
                    .where("FlightSource")
                    .cause("there must be at least one place, and streams must not be negative")
                    .toException();
        }
    }

    public static FlightSource of(Schema schema) {
        return new FlightSource(schema, 1, 0);
    }

    /** How many tasks take streams. */
    public FlightSource places(int count) {
        return new FlightSource(schema, count, streams);
    }

    /** Ends each place's input after so many streams. */
    public FlightSource streams(int count) {
        return new FlightSource(schema, places, count);
    }

    @Override
    public String type() {
        return "FlightSource";
    }

    @Override
    public Map<String, String> options() {
        return Map.of(
                "schema", schema.toString(), "places", Integer.toString(places), "streams", Integer.toString(streams));
    }
}
