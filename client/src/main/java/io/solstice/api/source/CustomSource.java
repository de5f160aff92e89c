package io.solstice.api.source;

import io.solstice.api.config.StageDefinition;
import java.util.Map;
import java.util.function.Supplier;

/** A source written by the user. */
public record CustomSource(Supplier<? extends Source> supplier) implements SourceDefinition {
    @Override
    public String type() {
        return "CustomSource";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("class", StageDefinition.functionName(supplier));
    }
}
