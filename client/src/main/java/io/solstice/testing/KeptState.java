package io.solstice.testing;

import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;

/** An operator's state as the engine would keep it: written as Arrow. */
record KeptState(int taskIndex, int parallelism, byte[] content) {

    static KeptState of(StateFormat.State state, HarnessContext context) throws IOException {
        StateFormat.Origin origin =
                new StateFormat.Origin(context.stageId(), context.taskIndex(), context.parallelism(), "harness");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (Batch copy = StateFormat.copy(state, origin, context.allocator())) {
            StateFormat.write(copy, content);
        }
        return new KeptState(context.taskIndex(), context.parallelism(), content.toByteArray());
    }

    static StateFormat.State stateOf(Row checkpoint, HarnessContext context) {
        return new StateFormat.State(checkpoint, Row.ofMap(context.values()));
    }

    StateFormat.State read(BufferAllocator allocator) throws IOException {
        return StateFormat.read("harness", new ByteArrayInputStream(content), content.length, allocator)
                .state();
    }
}
