package io.solstice.worker;

import io.solstice.api.operator.OperatorContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task of which an operator under test needs little: memory, and what becomes of rows that are set aside. */
public interface BareTask extends OperatorContext {
    @Override
    default String jobId() {
        return "job";
    }

    @Override
    default String stageId() {
        return "stage";
    }

    @Override
    default int taskIndex() {
        return 0;
    }

    @Override
    default int parallelism() {
        return 1;
    }

    @Override
    default List<String> keyColumns() {
        return List.of();
    }

    @Override
    default @Nullable Object getState(String name) {
        return null;
    }

    @Override
    default void setState(String name, @Nullable Object value) {
        throw new AssertionError("an operator of the engine keeps '" + name + "' as a function of the user's would");
    }
}
