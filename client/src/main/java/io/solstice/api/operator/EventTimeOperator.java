package io.solstice.api.operator;

import io.solstice.api.time.Watermarks;
import io.solstice.common.error.ErrorCode;
import java.util.Map;

/**
 * Says how far event time has come by a column that stages before have computed, and gives the rows on. Each task says it
 * by the rows that come to it, and in place of what the sources say.
 *
 * <pre>{@code
 * job.addStage(Stage.of("parsed", MapOperator.withColumns(…)), "lines")
 *         .addStage(Stage.of("timed", EventTimeOperator.by(Watermarks.of("happened_at"))), "parsed")
 * }</pre>
 */
public record EventTimeOperator(Watermarks watermarks) implements OperatorDefinition {
    public EventTimeOperator {
        if (watermarks.splitsInOrder() || watermarks.isAligned()) {
            throw ErrorCode.OPTION_INVALID
                    .error("splitsInOrder and align are not possible behind a source")
                    .where("EventTimeOperator")
                    .cause("they are about the splits that a source reads, which no other stage knows of")
                    .help("give the source stage .watermarks(…) if its rows have the time, or leave them out")
                    .toException();
        }
    }

    public static EventTimeOperator by(Watermarks watermarks) {
        return new EventTimeOperator(watermarks);
    }

    @Override
    public String type() {
        return "EventTimeOperator";
    }

    @Override
    public Map<String, String> options() {
        return watermarks.options();
    }
}
