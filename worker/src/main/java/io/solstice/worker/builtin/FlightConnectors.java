package io.solstice.worker.builtin;

import io.solstice.api.sink.FlightSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.FlightSource;
import io.solstice.api.source.Source;
import io.solstice.common.id.RunId;

/** What a worker offers to plain Arrow Flight clients; the embedded engine has none of it. */
public interface FlightConnectors {
    /** From now on the run's sinks and sources can be reached by tickets that this secret signed. */
    void admit(RunId run, String secret);

    /** The run's tasks have ended. */
    void release(RunId run);

    Source source(FlightSource definition);

    Sink sink(FlightSink definition);
}
