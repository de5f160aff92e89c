package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.ReadOptions;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** One version of a table, open. Owns the native handle. */
final class LanceTable implements AutoCloseable {
    private final TableLocation location;
    private final Dataset dataset;
    private final Schema stored;

    private LanceTable(TableLocation location, Dataset dataset, Schema stored) {
        this.location = location;
        this.dataset = dataset;
        this.stored = stored;
    }

    /** Opens a table that is known to exist; {@code version} null means the newest. */
    static LanceTable open(TableLocation location, @Nullable Long version, BufferAllocator allocator)
            throws IOException {
        ReadOptions.Builder options = new ReadOptions.Builder();
        if (version != null) {
            options.setVersion(version);
        }
        Dataset dataset;
        try {
            dataset = Dataset.open()
                    .allocator(allocator)
                    .uri(location.uri())
                    .readOptions(options.build())
                    .build();
        } catch (Exception | LinkageError failed) {
            // Lance throws checked exceptions that its methods do not declare.
            throw LanceFailure.of(
                    ErrorCode.SOURCE_FORMAT,
                    "the Lance table " + location.path() + " cannot be opened",
                    location.option(),
                    failed);
        }
        try {
            return new LanceTable(location, dataset, storedSchema(dataset));
        } catch (Exception failed) {
            dataset.close();
            throw LanceFailure.of(
                    ErrorCode.SOURCE_FORMAT,
                    "the schema of the Lance table " + location.path() + " cannot be read",
                    location.option(),
                    failed);
        }
    }

    /** As a scan delivers it: {@code Dataset.getSchema} shows a dictionary column as its bare indexes. */
    private static Schema storedSchema(Dataset dataset) throws Exception {
        ScanOptions oneRow = new ScanOptions.Builder()
                .limit(1)
                .batchSize(1)
                .batchReadahead(1)
                .build();
        try (LanceScanner scanner = dataset.newScan(oneRow);
                ArrowReader rows = scanner.scanBatches()) {
            Schema raw = rows.getVectorSchemaRoot().getSchema();
            List<Field> fields = new ArrayList<>();
            for (Field field : raw.getFields()) {
                fields.add(field.getDictionary() == null ? field : valuesOf(field, rows));
            }
            return new Schema(fields, raw.getCustomMetadata());
        }
    }

    private static Field valuesOf(Field indexes, ArrowReader rows) throws IOException {
        Field values = rows.lookup(indexes.getDictionary().getId()).getVector().getField();
        FieldType type =
                new FieldType(indexes.isNullable(), values.getType(), indexes.getDictionary(), indexes.getMetadata());
        return new Field(indexes.getName(), type, values.getChildren());
    }

    Dataset dataset() {
        return dataset;
    }

    long version() {
        return dataset.version();
    }

    TableLocation location() {
        return location;
    }

    /** The columns by the types of their values; those stored as dictionaries still carry the mark of it. */
    Schema stored() {
        return stored;
    }

    @Override
    public void close() {
        dataset.close();
    }
}
