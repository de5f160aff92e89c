package io.solstice.connector.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.FileSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.connector.files.FilesConnector;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Plays the engine: one allocator, contexts, and loops over splits. Closing it checks that no memory is left. */
final class ParquetFixture implements AutoCloseable {
    final BufferAllocator allocator = new RootAllocator();
    final List<String> skipped = new ArrayList<>();

    Source source(FileSource definition) {
        return new ParquetConnector().source(definition);
    }

    Sink sink(FileSink definition) {
        return new ParquetConnector().sink(definition);
    }

    /** All batches of all splits, to be closed by the caller. */
    List<Batch> batches(FileSource definition) throws Exception {
        List<Batch> batches = new ArrayList<>();
        try (Source source = source(definition)) {
            source.schema();
            for (Split split : source.splits()) {
                batches.addAll(batches(source, split, 0));
            }
        } catch (Exception failure) {
            batches.forEach(Batch::close);
            throw failure;
        }
        return batches;
    }

    List<Batch> batches(Source source, Split split, long position) throws Exception {
        List<Batch> batches = new ArrayList<>();
        try (SourceReader reader = source.open(split, position, sourceContext())) {
            for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
                batches.add(batch);
            }
        } catch (Exception failure) {
            batches.forEach(Batch::close);
            throw failure;
        }
        return batches;
    }

    /** All values as texts, row by row. */
    List<String> rows(FileSource definition) throws Exception {
        return texts(batches(definition));
    }

    static List<String> texts(List<Batch> batches) {
        List<String> rows = new ArrayList<>();
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rowCount(); row++) {
                List<String> values = new ArrayList<>();
                for (int column = 0; column < batch.columnCount(); column++) {
                    Object value = batch.column(column).getObject(row);
                    values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
                }
                rows.add(String.join("|", values));
            }
            batch.close();
        }
        return rows;
    }

    /** Rows of the given columns, from lines of JSON; to be closed by the caller. */
    List<Batch> fromJson(Path folder, Schema schema, String... lines) throws Exception {
        Path file = Files.writeString(Files.createTempFile(folder, "rows", ".json"), String.join("\n", lines));
        List<Batch> batches = new ArrayList<>();
        try (Source source =
                new FilesConnector().source(FileSource.json(file.toString()).schema(schema))) {
            for (Split split : source.splits()) {
                batches.addAll(batches(source, split, 0));
            }
        }
        return batches;
    }

    /** Writes the rows into one file and publishes it. */
    void publish(FileSink definition, @Nullable Schema schema, List<Batch> batches) throws Exception {
        try (Sink sink = sink(definition)) {
            sink.validate(schema, 1, true);
            sink.commit(List.of(write(sink, 0, 1, schema, batches.toArray(new Batch[0]))), last());
        }
    }

    Schema schema(FileSource definition) throws Exception {
        try (Source source = source(definition)) {
            return source.schema();
        }
    }

    /** Writes one part; the batches stay the caller's. */
    Committable write(Sink sink, int task, int parallelism, @Nullable Schema schema, Batch... batches)
            throws Exception {
        try (SinkWriter writer = sink.open(sinkContext(task, parallelism, schema))) {
            for (Batch batch : batches) {
                writer.write(batch);
            }
            return new Committable(new StageId("sink"), task, String.valueOf(writer.seal()));
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
                return "source";
            }

            @Override
            public int taskIndex() {
                return 0;
            }

            @Override
            public BufferAllocator allocator() {
                return allocator;
            }

            @Override
            public void skip(String place, String raw, Throwable why) {
                skipped.add(place + " " + raw);
            }
        };
    }

    /** The only commit of a job. */
    static SinkCommit last() {
        return new SinkCommit("job", "sink", "run", "run1", "checkpoint_1_00000001", 1, false, true, false);
    }

    SinkContext sinkContext(int task, int parallelism, @Nullable Schema schema) {
        return sinkContext(task, parallelism, schema, 1);
    }

    SinkContext sinkContext(int task, int parallelism, @Nullable Schema schema, long epoch) {
        return new SinkContext() {
            @Override
            public String jobId() {
                return "job";
            }

            @Override
            public String stageId() {
                return "sink";
            }

            @Override
            public int taskIndex() {
                return task;
            }

            @Override
            public int parallelism() {
                return parallelism;
            }

            @Override
            public @Nullable Schema inputSchema() {
                return schema;
            }

            @Override
            public String runId() {
                return "run1";
            }

            @Override
            public long epoch() {
                return epoch;
            }

            @Override
            public boolean isBounded() {
                return true;
            }

            @Override
            public BufferAllocator allocator() {
                return allocator;
            }
        };
    }

    @Override
    public void close() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }
}
