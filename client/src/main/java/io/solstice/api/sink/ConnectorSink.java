package io.solstice.api.sink;

import java.util.LinkedHashMap;
import java.util.Map;

/** A sink that a connector on the class path provides, by name. */
public sealed interface ConnectorSink extends SinkDefinition permits FileSink, LanceSink {
    /**
     * The name that a {@code ConnectorProvider} answers to: {@code lance}, {@code json}, {@code csv}, {@code parquet}.
     */
    String connector();

    /** The documented configuration keys and their values; absent keys have their defaults. */
    Map<String, Object> config();

    @Override
    default Map<String, String> options() {
        Map<String, String> shown = new LinkedHashMap<>();
        config().forEach((key, value) -> shown.put(key, String.valueOf(value)));
        return shown;
    }
}
