package io.solstice.api.source;

import io.solstice.api.expr.Expression;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source that a connector on the class path provides, by name. */
public sealed interface ConnectorSource extends SourceDefinition permits LanceTableSource, FileSource {
    /**
     * The name that a {@code ConnectorProvider} answers to: {@code lance}, {@code json}, {@code csv}, {@code parquet}.
     */
    String connector();

    /** The documented configuration keys and their values; absent keys have their defaults. */
    Map<String, Object> config();

    /** A condition that the connector may use to read less; the engine applies what the connector does not. */
    @Nullable
    Expression filter();

    @Override
    default Map<String, String> options() {
        Map<String, String> shown = new LinkedHashMap<>();
        config().forEach((key, value) -> shown.put(key, String.valueOf(value)));
        Expression filter = filter();
        if (filter != null) {
            shown.put("filter", filter.toString());
        }
        return shown;
    }
}
