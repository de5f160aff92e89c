package io.solstice.api.sink;

import io.solstice.api.config.StageDefinition;

/** What a sink stage writes. */
public sealed interface SinkDefinition extends StageDefinition
        permits ConnectorSink, FlightSink, PrintSink, CustomSink {
    /** What becomes of rows that are processed again after a failure. */
    default Guarantee guarantee() {
        return Guarantee.EXACTLY_ONCE;
    }
}
