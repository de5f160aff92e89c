package io.solstice.testing;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.KeyShare;
import io.solstice.spi.StateFormat;
import io.solstice.spi.Tabular;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The state of an operator as the engine would keep it: written as Arrow.
 *
 * @param isEmpty whether there is none, so that the engine would keep nothing
 */
record KeptState(int taskIndex, int parallelism, boolean isEmpty, byte[] content, List<byte[]> tables) {
    static KeptState of(BatchOperator operator, HarnessContext context) throws Exception {
        StateFormat.State state = new StateFormat.State(operator.checkpoint(), Row.ofMap(context.values()));
        boolean isEmpty =
                state.checkpoint().names().isEmpty() && state.values().names().isEmpty();
        StateFormat.Origin origin =
                new StateFormat.Origin(context.stageId(), context.taskIndex(), context.parallelism(), "harness");
        List<byte[]> tables = new ArrayList<>();
        if (operator instanceof Tabular tabular) {
            for (Batch table : tabular.tables()) {
                tables.add(written(StateFormat.copyTable(table, origin)));
            }
        }
        byte[] content = written(StateFormat.copy(state, origin, context.allocator()));
        return new KeptState(context.taskIndex(), context.parallelism(), isEmpty, content, tables);
    }

    private static byte[] written(Batch copy) throws IOException {
        try (copy) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            StateFormat.write(copy, content);
            return content.toByteArray();
        }
    }

    /** Gives the tables to an operator that has some: all rows, or those of its share. */
    void load(BatchOperator operator, @Nullable KeyShare share, BufferAllocator allocator) throws IOException {
        for (byte[] table : tables) {
            StateFormat.Found found =
                    StateFormat.read("harness", new ByteArrayInputStream(table), table.length, allocator);
            try (Batch all = Objects.requireNonNull(found.table());
                    Batch own = share == null ? all.share() : share.own(taskIndex, parallelism, all, allocator)) {
                ((Tabular) operator).load(own);
            }
        }
    }

    StateFormat.State read(BufferAllocator allocator) throws IOException {
        InputStream in = new ByteArrayInputStream(content);
        return StateFormat.read("harness", in, content.length, allocator).state();
    }
}
