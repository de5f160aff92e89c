package io.solstice.connector.lance;

import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Makes and looks at Lance tables without a job: for examples, tests and benchmarks. */
public final class LanceTables {
    private LanceTables() {}

    /**
     * Makes a table of the rows, or a new version in place of what the table held. The batches are taken over, one at a
     * time, and closed; they may come from any allocator, all from the same one.
     */
    public static void create(Path table, Schema schema, Iterator<Batch> batches) throws Exception {
        TableSink sink = new TableSink(SinkSettings.of(Map.of("table_path", table.toString(), "mode", "overwrite")));
        sink.validate(schema, 1, true);
        try (RootAllocator own = new RootAllocator();
                Peeked rows = new Peeked(batches)) {
            publish(sink, schema, rows, rows.memoryOr(own));
        }
    }

    /** The rows of the newest version. */
    public static long countRows(Path table) throws Exception {
        try (RootAllocator memory = new RootAllocator();
                LanceTable open = open(table, memory)) {
            return open.dataset().countRows();
        }
    }

    /** The number of the newest version. */
    public static long version(Path table) throws Exception {
        try (RootAllocator memory = new RootAllocator();
                LanceTable open = open(table, memory)) {
            return open.version();
        }
    }

    private static LanceTable open(Path table, BufferAllocator memory) throws Exception {
        NativeAccess.require();
        TableLocation location = TableLocation.of(table.toString(), "table");
        location.requireTable();
        return LanceTable.open(location, null, memory);
    }

    private static void publish(TableSink sink, Schema schema, Iterator<Batch> batches, BufferAllocator memory)
            throws Exception {
        try (BufferAllocator working = memory.newChildAllocator("lance-table", 0, Long.MAX_VALUE);
                SinkWriter writer =
                        sink.open(new OneTask(schema, UUID.randomUUID().toString(), working))) {
            while (batches.hasNext()) {
                try (Batch batch = batches.next()) {
                    writer.write(batch);
                }
            }
            String sealed = writer.seal();
            if (sealed != null) {
                String id = UUID.randomUUID().toString();
                SinkCommit once = new SinkCommit("lance-tables", "create", id, id, id, 1, false, true, false);
                sink.commit(List.of(new Committable(new StageId("create"), 0, sealed)), once);
            }
        }
    }

    /** Knows the first batch before it is asked for, because Lance must share the allocator that it comes from. */
    private static final class Peeked implements Iterator<Batch>, AutoCloseable {
        private final Iterator<Batch> rest;
        private @Nullable Batch first;

        Peeked(Iterator<Batch> batches) {
            this.rest = batches;
            this.first = batches.hasNext() ? batches.next() : null;
        }

        BufferAllocator memoryOr(BufferAllocator fallback) {
            return first == null || first.columnCount() == 0
                    ? fallback
                    : first.column(0).getAllocator().getRoot();
        }

        @Override
        public boolean hasNext() {
            return first != null || rest.hasNext();
        }

        @Override
        public Batch next() {
            Batch taken = first == null ? rest.next() : first;
            first = null;
            return taken;
        }

        @Override
        public void close() {
            if (first != null) {
                first.close();
                first = null;
            }
        }
    }

    private record OneTask(Schema inputSchema, String runId, BufferAllocator allocator) implements SinkContext {
        @Override
        public String jobId() {
            return "lance-tables";
        }

        @Override
        public String stageId() {
            return "create";
        }

        @Override
        public int taskIndex() {
            return 0;
        }

        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public long epoch() {
            return 1;
        }

        @Override
        public boolean isBounded() {
            return true;
        }
    }
}
