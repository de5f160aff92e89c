package io.solstice.spi;

import io.solstice.api.sink.ConnectorSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.ConnectorSource;
import java.util.List;

/** A connector on the class path, found by {@code ServiceLoader}. Loading it must be cheap: no native library yet. */
public interface ConnectorProvider {
    /** The names it answers to, for example {@code json} and {@code csv}. */
    List<String> names();

    PushdownSource source(ConnectorSource definition);

    Sink sink(ConnectorSink definition);
}
