package io.solstice.connector.lance;

import io.solstice.api.sink.ConnectorSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.ConnectorSource;
import io.solstice.spi.ConnectorProvider;
import io.solstice.spi.PushdownSource;
import java.util.List;

/** Lance tables as sources and sinks, under the name {@code lance}. */
public final class LanceConnector implements ConnectorProvider {
    @Override
    public List<String> names() {
        return List.of("lance");
    }

    @Override
    public PushdownSource source(ConnectorSource definition) {
        return new TableSource(SourceSettings.of(definition.config()));
    }

    @Override
    public Sink sink(ConnectorSink definition) {
        return new TableSink(SinkSettings.of(definition.config()));
    }
}
