package io.solstice.testing;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The state of an operator as the engine would keep it: written as Arrow.
 *
 * @param isEmpty whether there is none, so that the engine would keep nothing
 */
record KeptState(int taskIndex, int parallelism, boolean isEmpty, byte[] content) {
    static KeptState of(BatchOperator operator, HarnessContext context) throws Exception {
        StateFormat.State state = new StateFormat.State(operator.checkpoint(), Row.ofMap(context.values()));
        boolean isEmpty =
                state.checkpoint().names().isEmpty() && state.values().names().isEmpty();
        StateFormat.Origin origin =
                new StateFormat.Origin(context.stageId(), context.taskIndex(), context.parallelism(), "harness");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (Batch copy = StateFormat.copy(state, origin, context.allocator())) {
            StateFormat.write(copy, content);
        }
        return new KeptState(context.taskIndex(), context.parallelism(), isEmpty, content.toByteArray());
    }

    StateFormat.State read(BufferAllocator allocator) throws IOException {
        InputStream in = new ByteArrayInputStream(content);
        return StateFormat.read("harness", in, content.length, allocator).state();
    }
}
