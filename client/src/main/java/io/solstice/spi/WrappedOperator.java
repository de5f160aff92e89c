package io.solstice.spi;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Rescalable;
import org.jspecify.annotations.Nullable;

/** An operator of the engine around something that the user wrote. */
public interface WrappedOperator {
    Object wrapped();

    /** How an operator's state is divided anew, or null if the user did not say. */
    static @Nullable Rescalable rescalable(BatchOperator operator) {
        if (operator instanceof Rescalable own) {
            return own;
        }
        Object written = operator instanceof WrappedOperator around ? around.wrapped() : operator;
        return written instanceof Rescalable rescalable ? rescalable : null;
    }
}
