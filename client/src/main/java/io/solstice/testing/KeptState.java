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

/**
 * The state of an operator as the engine would keep it: written as Arrow.
 *
 * @param isEmpty whether there is none but tables
 * @param tables of an operator that has some
 */
record KeptState(int taskIndex, int parallelism, boolean isEmpty, byte[] content, List<byte[]> tables) {
    static KeptState of(BatchOperator operator, HarnessContext context) throws Exception {
        StateFormat.State state = new StateFormat.State(operator.checkpoint(), Row.ofMap(context.values()));
        boolean isEmpty =
                state.checkpoint().names().isEmpty() && state.values().names().isEmpty();
        StateFormat.Origin origin =
                new StateFormat.Origin(context.stageId(), context.taskIndex(), context.parallelism(), "harness");
        byte[] content = written(StateFormat.copy(state, origin, context.allocator()));
        List<byte[]> tables = new ArrayList<>();
        if (operator instanceof Tabular tabular) {
            for (Batch table : tabular.tables()) {
                tables.add(written(StateFormat.copyTable(table, origin)));
            }
        }
        return new KeptState(context.taskIndex(), context.parallelism(), isEmpty, content, tables);
    }

    private static byte[] written(Batch copy) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (copy) {
            StateFormat.write(copy, content);
        }
        return content.toByteArray();
    }

    /** Gives an operator its tables back. */
    void load(BatchOperator operator, BufferAllocator allocator) throws IOException {
        for (byte[] table : tables) {
            try (Batch found = table(table, allocator)) {
                ((Tabular) operator).load(found);
            }
        }
    }

    /** Gives an operator the rows of its own keys. */
    void load(BatchOperator operator, KeyShare share, BufferAllocator allocator) throws IOException {
        for (byte[] table : tables) {
            try (Batch found = table(table, allocator);
                    Batch own = share.own(taskIndex, parallelism, found, allocator)) {
                if (own.rowCount() > 0) {
                    ((Tabular) operator).load(own);
                }
            }
        }
    }

    private static Batch table(byte[] content, BufferAllocator allocator) throws IOException {
        InputStream in = new ByteArrayInputStream(content);
        return Objects.requireNonNull(
                StateFormat.read("harness", in, content.length, allocator).table());
    }

    StateFormat.State read(BufferAllocator allocator) throws IOException {
        InputStream in = new ByteArrayInputStream(content);
        return StateFormat.read("harness", in, content.length, allocator).state();
    }
}
