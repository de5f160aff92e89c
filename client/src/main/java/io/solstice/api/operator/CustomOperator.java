package io.solstice.api.operator;

import io.solstice.api.config.StageDefinition;
import java.util.Map;
import java.util.function.Supplier;

/** An operator written by the user. */
public record CustomOperator(Supplier<? extends Operator> supplier) implements OperatorDefinition {
    @Override
    public String type() {
        return "CustomOperator";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("class", StageDefinition.functionName(supplier));
    }
}
