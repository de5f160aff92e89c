package io.solstice.api.sink;

import io.solstice.api.config.StageDefinition;
import java.util.Map;
import java.util.function.Supplier;

/** A sink written by the user. */
public record CustomSink(Supplier<? extends Sink> supplier) implements SinkDefinition {
    /** Asks a sink that is made for it. */
    @Override
    public Guarantee guarantee() {
        try (Sink sink = supplier.get()) {
            return sink.guarantee();
        } catch (Exception unknown) {
            return Guarantee.AT_LEAST_ONCE;
        }
    }

    @Override
    public String type() {
        return "CustomSink";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("class", StageDefinition.functionName(supplier));
    }
}
