package io.solstice.worker.builtin;

import io.solstice.api.config.StageDefinition;
import io.solstice.api.expr.Expression;
import io.solstice.api.sink.ConnectorSink;
import io.solstice.api.sink.CustomSink;
import io.solstice.api.sink.FlightSink;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.ConnectorSource;
import io.solstice.api.source.CustomSource;
import io.solstice.api.source.FlightSource;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceDefinition;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.spi.ConnectorProvider;
import io.solstice.spi.PushdownSource;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes a job's sources and sinks from their definitions; the connectors are looked up when first needed. */
public final class Connectors {
    private final ClassLoader classes;
    private final AtomicReference<@Nullable SortedMap<String, ConnectorProvider>> providers = new AtomicReference<>();
    private final @Nullable FlightConnectors flight;

    /**
     * @param classes where connectors are looked for: the job's own and the engine's
     * @param flight null in a process that offers no Arrow Flight
     */
    public Connectors(ClassLoader classes, @Nullable FlightConnectors flight) {
        this.classes = classes;
        this.flight = flight;
    }

    /**
     * A source ready to be asked.
     *
     * @param residual what the source will not filter itself and the engine must, or null
     */
    public record OpenedSource(Source source, @Nullable Expression residual) {}

    public OpenedSource source(SourceDefinition definition) {
        if (definition instanceof GeneratorSource generator) {
            return new OpenedSource(new Generator(generator), null);
        }
        if (definition instanceof CustomSource custom) {
            return new OpenedSource(custom.supplier().get(), null);
        }
        if (definition instanceof FlightSource input) {
            return new OpenedSource(flight(input).source(input), null);
        }
        ConnectorSource connector = (ConnectorSource) definition;
        PushdownSource source = provider(connector.connector()).source(connector);
        Expression filter = connector.filter();
        boolean residual = filter != null && !source.acceptFilter(filter);
        return new OpenedSource(source, residual ? filter : null);
    }

    /** Whether the source comes to an end by itself. Looks at nothing outside. */
    public boolean isBounded(SourceDefinition definition) throws Exception {
        if (definition instanceof ConnectorSource) {
            return true;
        }
        try (Source source = source(definition).source()) {
            return source.isBounded();
        }
    }

    public Sink sink(SinkDefinition definition) {
        if (definition instanceof PrintSink print) {
            return new Printer(print);
        }
        if (definition instanceof CustomSink custom) {
            return custom.supplier().get();
        }
        if (definition instanceof FlightSink output) {
            return flight(output).sink(output);
        }
        ConnectorSink connector = (ConnectorSink) definition;
        return provider(connector.connector()).sink(connector);
    }

    private FlightConnectors flight(StageDefinition definition) {
        FlightConnectors known = flight;
        if (known == null) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("a " + definition.type() + " needs a cluster")
                    .cause("the embedded engine offers no Arrow Flight to others")
                    .help("run the job with --master host:port")
                    .toException();
        }
        return known;
    }

    private ConnectorProvider provider(String name) {
        SortedMap<String, ConnectorProvider> known = known();
        ConnectorProvider provider = known.get(name);
        if (provider == null) {
            throw ErrorCode.CONNECTOR_UNKNOWN
                    .error("no connector named '" + name + "' is on the class path")
                    .help(NearestName.help(name, known.keySet())
                            + "; add the dependency io.solstice:solstice-connector-"
                            + (name.equals("json") || name.equals("csv") ? "files" : name))
                    .toException();
        }
        return provider;
    }

    /** Two threads may look at the same time; both find the same. */
    private SortedMap<String, ConnectorProvider> known() {
        SortedMap<String, ConnectorProvider> found = providers.get();
        if (found != null) {
            return found;
        }
        SortedMap<String, ConnectorProvider> loaded = new TreeMap<>();
        for (ConnectorProvider provider : ServiceLoader.load(ConnectorProvider.class, classes)) {
            for (String answer : provider.names()) {
                loaded.put(answer, provider);
            }
        }
        providers.set(loaded);
        return loaded;
    }
}
