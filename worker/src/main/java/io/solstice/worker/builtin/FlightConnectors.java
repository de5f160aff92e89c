package io.solstice.worker.builtin;

import io.solstice.api.sink.FlightSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.FlightSource;
import io.solstice.api.source.Source;

/** What a worker offers to plain Arrow Flight clients; the embedded engine has none of it. */
public interface FlightConnectors {
    Source source(FlightSource definition);

    Sink sink(FlightSink definition);
}
