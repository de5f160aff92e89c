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

/** Reads the rows of one fragment, in their order, cut into batches. Owns the scan and the piece that is being cut. */
final class TableReader implements SourceReader {
    private final FragmentScan scan;
    private final Schema schema;
    private final int batchSize;
    private final BufferAllocator allocator;
    private final String place;
    private @Nullable Batch piece;
    private int cut;

    TableReader(FragmentScan scan, Schema schema, int batchSize, BufferAllocator allocator, String place) {
        this.scan = scan;
        this.schema = schema;
        this.batchSize = batchSize;
        this.allocator = allocator;
        this.place = place;
    }

    @Override
    public @Nullable Batch read() throws Exception {
        try {
            if (piece == null) {
                piece = nextPiece();
                cut = 0;
            }
            return piece == null ? null : cut(piece);
        } catch (Exception | LinkageError failed) {
            throw LanceFailure.of(ErrorCode.SOURCE_FORMAT, "rows of a Lance table cannot be read", place, failed);
        }
    }

    private Batch cut(Batch whole) {
        int rows = Math.min(batchSize, whole.rowCount() - cut);
        Batch batch = whole.slice(cut, rows);
        cut += rows;
        if (cut == whole.rowCount()) {
            whole.close();
            piece = null;
        }
        return batch;
    }

    private @Nullable Batch nextPiece() throws Exception {
        for (ArrowReader rows = scan.load(); rows != null; rows = scan.load()) {
            VectorSchemaRoot root = rows.getVectorSchemaRoot();
            if (root.getRowCount() > 0) {
                return take(root, rows);
            }
        }
        return null;
    }

    private Batch take(VectorSchemaRoot root, ArrowReader rows) throws Exception {
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
        } catch (Exception failed) {
            taken.forEach(FieldVector::close);
            throw failed;
        }
    }

    @Override
    public void close() throws Exception {
        if (piece != null) {
            piece.close();
            piece = null;
        }
        scan.close();
    }
}
