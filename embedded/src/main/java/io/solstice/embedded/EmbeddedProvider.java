package io.solstice.embedded;

import io.solstice.api.EngineProvider;
import io.solstice.api.Solstice;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.worker.operator.Operators;

/** What the client finds on the class path. */
public final class EmbeddedProvider implements EngineProvider {
    @Override
    public Solstice startEmbedded() {
        return new EmbeddedSolstice();
    }

    @Override
    public BatchOperator createOperator(OperatorDefinition definition) {
        return Operators.create(definition);
    }
}
