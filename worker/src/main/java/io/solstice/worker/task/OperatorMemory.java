package io.solstice.worker.task;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.row.Row;
import io.solstice.common.id.StageId;
import io.solstice.spi.StateFormat;
import io.solstice.spi.WrappedOperator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** What the engine keeps for one operator of one task between its calls, and over restarts. Used by the task's thread. */
public final class OperatorMemory {
    private final StageId stage;
    private final int taskIndex;
    private final int parallelism;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private @Nullable Row restored;
    private @Nullable Inheritance inheritance;

    /** The states of the tasks that the stage had when it had another number of them. */
    @FunctionalInterface
    public interface Inheritance {
        /** Lets an operator take over its own of them; null is one that cannot. */
        void divide(@Nullable Rescalable operator) throws Exception;
    }

    public OperatorMemory(StageId stage, int taskIndex, int parallelism) {
        this.stage = stage;
        this.taskIndex = taskIndex;
        this.parallelism = parallelism;
    }

    public @Nullable Object get(String name) {
        return values.get(name);
    }

    /** A null forgets the name. */
    public void set(String name, @Nullable Object value) {
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
    }

    /** Begins with what a cut had, before the operator is opened. */
    public void begin(StateFormat.State state) {
        state.values().toMap().forEach(this::set);
        restored = state.checkpoint();
    }

    /** Begins with a share of what all tasks had, when the operator has been opened. */
    public void inherit(Inheritance states) {
        inheritance = states;
    }

    /** Gives an operator that has been opened what it begins with, if there is something. */
    void restore(BatchOperator operator) throws Exception {
        Inheritance before = inheritance;
        Row own = restored;
        inheritance = null;
        restored = null;
        if (before != null) {
            before.divide(WrappedOperator.rescalable(operator));
        } else if (own != null) {
            operator.restore(own);
        }
    }

    /** A copy of everything, or null if there is nothing. */
    @Nullable
    OperatorState copy(Row checkpoint, String operator, BufferAllocator allocator) {
        if (checkpoint.names().isEmpty() && values.isEmpty()) {
            return null;
        }
        StateFormat.State state = new StateFormat.State(checkpoint, Row.ofMap(values));
        StateFormat.Origin origin = new StateFormat.Origin(stage.value(), taskIndex, parallelism, operator);
        return new OperatorState(stage, StateFormat.copy(state, origin, allocator));
    }
}
