package io.solstice.connector.parquet;

import io.solstice.api.sink.ConnectorSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.ConnectorSource;
import io.solstice.spi.ConnectorProvider;
import io.solstice.spi.PushdownSource;
import java.util.List;

/** Makes the sources and sinks of {@code parquet}. */
public final class ParquetConnector implements ConnectorProvider {
    @Override
    public List<String> names() {
        return List.of("parquet");
    }

    @Override
    public PushdownSource source(ConnectorSource definition) {
        return ParquetSource.of(definition.config());
    }

    @Override
    public Sink sink(ConnectorSink definition) {
        return ParquetSink.of(definition.config());
    }
}
