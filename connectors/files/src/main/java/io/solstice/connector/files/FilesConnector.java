package io.solstice.connector.files;

import io.solstice.api.sink.ConnectorSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.ConnectorSource;
import io.solstice.api.source.FileSource;
import io.solstice.spi.ConnectorProvider;
import io.solstice.spi.PushdownSource;
import java.util.List;

/** Makes the sources and sinks of {@code json} and {@code csv}. */
public final class FilesConnector implements ConnectorProvider {
    @Override
    public List<String> names() {
        return List.of("json", "csv");
    }

    @Override
    public PushdownSource source(ConnectorSource definition) {
        FileSource files = (FileSource) definition;
        TextSettings settings = TextSettings.of(files.config());
        TextFormat format = definition.connector().equals("csv") ? new CsvFormat(settings) : new JsonFormat(settings);
        return new TextSource(settings, format, files.schema());
    }

    @Override
    public Sink sink(ConnectorSink definition) {
        return TextSink.of(definition.connector(), definition.config());
    }
}
