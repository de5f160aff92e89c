package io.solstice.connector.lance;

import io.solstice.api.expr.Expression;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.LanceTableSource;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.PushdownSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a task gives to a source and a sink, and short ways to make and read rows. Closing it proves that no byte is
 * left.
 */
final class Lab implements AutoCloseable {
    static final ArrowType INT64 = new ArrowType.Int(64, true);
    static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    static final ArrowType TEXT = new ArrowType.Utf8();

    private final RootAllocator memory = new RootAllocator();

    BufferAllocator memory() {
        return memory;
    }

    static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    static Schema schema(Field... fields) {
        return new Schema(List.of(fields));
    }

    static LanceConnector connector() {
        return new LanceConnector();
    }

    Batch batch(Schema schema, int rows, ObjIntConsumer<VectorSchemaRoot> fill) {
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory)) {
            root.allocateNew();
            for (int row = 0; row < rows; row++) {
                fill.accept(root, row);
            }
            root.setRowCount(rows);
            return Batch.transferFrom(root, memory);
        }
    }

    SourceContext sourceContext() {
        return new SourceContext() {
            @Override
            public String jobId() {
                return "job";
            }

            @Override
            public String stageId() {
                return "read";
            }

            @Override
            public int taskIndex() {
                return 0;
            }

            @Override
            public BufferAllocator allocator() {
                return memory;
            }

            @Override
            public void skip(String place, String raw, Throwable why) {
                throw new AssertionError("a Lance table has no malformed rows", why);
            }
        };
    }

    /** The only commit of a job. */
    static SinkCommit last(String runId) {
        return new SinkCommit("job", "write", runId, runId, "checkpoint of " + runId, 1, false, true, false);
    }

    SinkContext sinkContext(String runId, int taskIndex, @Nullable Schema input) {
        return new Task(runId, taskIndex, input, memory, 1);
    }

    SinkContext sinkContext(String runId, long epoch) {
        return new Task(runId, 0, null, memory, epoch);
    }

    private record Task(
            String runId, int taskIndex, @Nullable Schema inputSchema, BufferAllocator allocator, long epoch)
            implements SinkContext {
        @Override
        public String jobId() {
            return "job";
        }

        @Override
        public String stageId() {
            return "write";
        }

        @Override
        public int parallelism() {
            return 2;
        }

        @Override
        public boolean isBounded() {
            return true;
        }
    }

    /** Writes the batches, closing them, with one task and commits. */
    void write(LanceSink definition, String runId, Batch... batches) throws Exception {
        try (Sink sink = connector().sink(definition)) {
            sink.validate(batches.length == 0 ? null : batches[0].schema(), 1, true);
            Committable sealed = seal(sink, runId, 0, batches);
            sink.commit(sealed == null ? List.of() : List.of(sealed), last(runId));
        }
    }

    @Nullable
    Committable seal(Sink sink, String runId, int taskIndex, Batch... batches) throws Exception {
        try (SinkWriter writer = sink.open(sinkContext(runId, taskIndex, null))) {
            for (Batch batch : batches) {
                try (batch) {
                    writer.write(batch);
                }
            }
            String payload = writer.seal();
            return payload == null ? null : new Committable(new StageId("write"), taskIndex, payload);
        }
    }

    /** All rows as text, one list a row, in the order of the splits. */
    List<List<String>> read(LanceTableSource definition, Expression... conditions) throws Exception {
        try (PushdownSource source = connector().source(definition)) {
            for (Expression condition : conditions) {
                if (!source.acceptFilter(condition)) {
                    throw new AssertionError("not pushed down: " + condition);
                }
            }
            List<List<String>> rows = new ArrayList<>();
            for (Split split : source.splits()) {
                rows.addAll(read(source, split, 0));
            }
            return rows;
        }
    }

    List<List<String>> read(PushdownSource source, Split split, long position) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        try (SourceReader reader = source.open(split, position, sourceContext())) {
            for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
                try (Batch open = batch) {
                    rows.addAll(rows(open));
                }
            }
        }
        return rows;
    }

    static List<List<String>> rows(Batch batch) {
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < batch.rowCount(); row++) {
            List<String> values = new ArrayList<>();
            for (FieldVector column : batch.columns()) {
                values.add(text(column.getObject(row)));
            }
            rows.add(values);
        }
        return rows;
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : String.valueOf(value);
    }

    @Override
    public void close() {
        memory.close();
    }
}
