package io.solstice.api;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;

/** An engine on the class path. */
public interface EngineProvider {
    Solstice startEmbedded();

    /** Turns one operator into its runnable form, as a task would; the caller opens, feeds and closes it. */
    BatchOperator createOperator(OperatorDefinition definition);
}
