package io.solstice.api.sink;

import io.solstice.api.config.StageDefinition;
import java.util.Map;
import java.util.function.Supplier;

/** A sink written by the user. */
public record CustomSink(Supplier<? extends Sink> supplier) implements SinkDefinition {
    @Override
    public String type() {
        return "CustomSink";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("class", StageDefinition.functionName(supplier));
    }
}
