package io.solstice.connector.lance;

import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** Reads the rows of one fragment, in their order. Owns the scan. */
final class TableReader implements SourceReader {
    /** Batches that Lance decodes ahead. */
    static final int READAHEAD = 4;

    private final LanceScanner scanner;
    private final ArrowReader rows;
    private final Schema schema;
    private final BufferAllocator allocator;
    private final String place;

    private TableReader(
            LanceScanner scanner, ArrowReader rows, Schema schema, BufferAllocator allocator, String place) {
        this.scanner = scanner;
        this.rows = rows;
        this.schema = schema;
        this.allocator = allocator;
        this.place = place;
    }

    static TableReader open(
            LanceTable table, int fragment, ScanOptions options, Schema schema, BufferAllocator allocator, String place)
            throws Exception {
        LanceScanner scanner = null;
        try {
            scanner = table.dataset()
                    .newScan(new ScanOptions.Builder(options)
                            .fragmentIds(List.of(fragment))
                            .build());
            return new TableReader(scanner, scanner.scanBatches(), schema, allocator, place);
        } catch (Exception failed) {
            if (scanner != null) {
                scanner.close();
            }
            throw unreadable(place, failed);
        }
    }

    @Override
    public @Nullable Batch read() throws Exception {
        try {
            while (rows.loadNextBatch()) {
                VectorSchemaRoot root = rows.getVectorSchemaRoot();
                if (root.getRowCount() > 0) {
                    return take(root);
                }
            }
            return null;
        } catch (Exception failed) {
            throw unreadable(place, failed);
        }
    }

    private Batch take(VectorSchemaRoot root) throws Exception {
        List<FieldVector> taken = new ArrayList<>();
        try {
            for (int i = 0; i < root.getFieldVectors().size(); i++) {
                FieldVector vector = root.getVector(i);
                if (vector.getField().getDictionary() == null) {
                    TransferPair pair = vector.getTransferPair(vector.getField(), allocator);
                    pair.transfer();
                    taken.add((FieldVector) pair.getTo());
                } else {
                    taken.add(Dictionaries.decode(vector, schema.getFields().get(i), rows, allocator));
                }
            }
            return Batch.of(schema, taken, root.getRowCount());
        } catch (Exception | OutOfMemoryError failed) {
            taken.forEach(FieldVector::close);
            throw failed;
        }
    }

    @Override
    public void close() throws Exception {
        try (LanceScanner closing = scanner) {
            rows.close();
        }
    }

    private static Exception unreadable(String place, Exception failed) {
        return LanceFailure.of(ErrorCode.SOURCE_FORMAT, "rows of a Lance table cannot be read", place, failed);
    }
}
