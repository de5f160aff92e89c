package io.solstice.exchange.batch;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;

/**
 * Rows of one schema, as Arrow columns.
 *
 * <p><b>Ownership.</b> A batch has one owner at a time; whoever is given one must close it, or give it to somebody
 * else. Columns may be shared between batches ({@link #share}, {@link #select}) and are freed with the last batch that
 * holds them. The content of a batch never changes once it has been handed on, so sharing copies nothing. A batch may
 * be closed on any thread, but is used by one thread at a time.
 */
public final class Batch implements StreamElement, AutoCloseable {
    private final Schema schema;
    private final Column[] columns;
    private final int rowCount;
    private boolean closed;

    private Batch(Schema schema, Column[] columns, int rowCount) {
        this.schema = schema;
        this.columns = columns;
        this.rowCount = rowCount;
    }

    /**
     * Takes over the vectors, one for each field of the schema, in order; each must have {@code rowCount} values.
     */
    public static Batch of(Schema schema, List<? extends FieldVector> vectors, int rowCount) {
        if (schema.getFields().size() != vectors.size()) {
            throw new IllegalArgumentException(
                    "schema has " + schema.getFields().size() + " fields but " + vectors.size() + " vectors are given");
        }
        Column[] columns = new Column[vectors.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column(vectors.get(i));
        }
        return new Batch(schema, columns, rowCount);
    }

    /** Takes over the vectors, whose own fields make the schema. */
    public static Batch of(List<? extends FieldVector> vectors, int rowCount) {
        List<Field> fields = new ArrayList<>(vectors.size());
        for (FieldVector vector : vectors) {
            fields.add(vector.getField());
        }
        return of(new Schema(fields), vectors, rowCount);
    }

    /** Moves the root's buffers into a new batch, without copying; the root is left empty and can be filled again. */
    public static Batch transferFrom(VectorSchemaRoot root, BufferAllocator allocator) {
        List<FieldVector> moved = new ArrayList<>(root.getFieldVectors().size());
        try {
            for (FieldVector vector : root.getFieldVectors()) {
                moved.add(vector.getField().createVector(allocator));
                transferPair(vector, moved).transfer();
            }
            return of(root.getSchema(), moved, root.getRowCount());
        } catch (RuntimeException | Error failure) {
            moved.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** To the last of the targets. Arrow's own getTransferPair refuses structs of fixed-size and of large lists. */
    private static TransferPair transferPair(FieldVector from, List<FieldVector> targets) {
        return from.makeTransferPair(targets.get(targets.size() - 1));
    }

    /** No rows, but the columns of the schema. */
    public static Batch empty(Schema schema, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (Field field : schema.getFields()) {
                FieldVector vector = field.createVector(allocator);
                vectors.add(vector);
                Gather.allocateEmpty(vector);
                vector.setValueCount(0);
            }
            return of(schema, vectors, 0);
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    public Schema schema() {
        return schema;
    }

    public int rowCount() {
        return rowCount;
    }

    public int columnCount() {
        return columns.length;
    }

    /** The vector stays owned by this batch: do not close it, and do not change it. */
    public FieldVector column(int index) {
        checkOpen();
        return columns[index].vector();
    }

    /** The vector of that name, owned by this batch; an unknown name is an error that suggests the nearest one. */
    public FieldVector column(String name) {
        return column(indexOf(name));
    }

    /** The position of the column of that name; an unknown name is an error that suggests the nearest one. */
    public int indexOf(String name) {
        return indexOf(schema, name);
    }

    public static int indexOf(Schema schema, String name) {
        List<Field> fields = schema.getFields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).getName().equals(name)) {
                return i;
            }
        }
        List<String> known = fields.stream().map(Field::getName).toList();
        throw ErrorCode.COLUMN_UNKNOWN
                .error("no column '" + name + "'")
                .help(NearestName.help(name, known))
                .toException();
    }

    /** The vectors in order, owned by this batch. */
    public List<FieldVector> columns() {
        checkOpen();
        List<FieldVector> vectors = new ArrayList<>(columns.length);
        for (Column column : columns) {
            vectors.add(column.vector());
        }
        return vectors;
    }

    /** A second batch with the same columns, to be closed by its own owner. */
    public Batch share() {
        checkOpen();
        return new Batch(schema, hold(columns), rowCount);
    }

    /**
     * A second batch of the same memory for another allocator, below the same root: it is the one's or the other's that
     * closes last.
     */
    public Batch share(BufferAllocator owner) {
        List<FieldVector> same = new ArrayList<>(columns.length);
        try (ArrowRecordBatch buffers = new VectorUnloader(asRoot()).getRecordBatch()) {
            for (Field field : schema.getFields()) {
                same.add(field.createVector(owner));
            }
            new VectorLoader(new VectorSchemaRoot(schema, same, rowCount)).load(buffers);
            return of(schema, same, rowCount);
        } catch (RuntimeException | Error failure) {
            same.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** A batch of some of these columns, shared with this one. */
    public Batch select(int... indexes) {
        checkOpen();
        Column[] chosen = new Column[indexes.length];
        List<Field> fields = new ArrayList<>(indexes.length);
        for (int i = 0; i < indexes.length; i++) {
            chosen[i] = columns[indexes[i]].hold();
            fields.add(schema.getFields().get(indexes[i]));
        }
        return new Batch(new Schema(fields, schema.getCustomMetadata()), chosen, rowCount);
    }

    /**
     * Builds a batch from columns of this one, which stay shared, and new vectors, which it takes over.
     *
     * @param target the schema of the result
     * @param origins for each field of the target: the index of a column of this batch, or {@code -1 - k} for vector k
     */
    public Batch rearrange(Schema target, int[] origins, List<? extends FieldVector> added) {
        checkOpen();
        Column[] result = new Column[origins.length];
        for (int i = 0; i < origins.length; i++) {
            result[i] = origins[i] >= 0 ? columns[origins[i]].hold() : new Column(added.get(-1 - origins[i]));
        }
        return new Batch(target, result, rowCount);
    }

    /** Rows {@code from} to {@code from + length}, sharing memory with this batch where Arrow allows it. */
    public Batch slice(int from, int length) {
        checkOpen();
        if (from == 0 && length == rowCount) {
            return share();
        }
        List<FieldVector> parts = new ArrayList<>(columns.length);
        try {
            for (Column column : columns) {
                FieldVector vector = column.vector();
                parts.add(vector.getField().createVector(vector.getAllocator()));
                transferPair(vector, parts).splitAndTransfer(from, length);
            }
            return of(schema, parts, length);
        } catch (RuntimeException | Error failure) {
            parts.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** The same columns under another schema, which must have the same types in the same order. */
    public Batch renamed(Schema target) {
        checkOpen();
        return new Batch(target, hold(columns), rowCount);
    }

    /**
     * The vectors as a root, for libraries that want one. It is a view: valid while this batch is open, and must not be
     * closed.
     */
    public VectorSchemaRoot asRoot() {
        return new VectorSchemaRoot(schema, columns(), rowCount);
    }

    @Override
    public long byteSize() {
        long bytes = 0;
        for (Column column : columns) {
            bytes += column.vector().getBufferSize();
        }
        return bytes;
    }

    @Override
    public void discard() {
        close();
    }

    /** Lets go of the columns. Closing twice is a defect of the caller and is refused. */
    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("this batch was closed twice");
        }
        closed = true;
        for (Column column : columns) {
            column.release();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this batch was used after it had been closed");
        }
    }

    @Override
    public String toString() {
        return rowCount + " rows of " + schema;
    }

    private static Column[] hold(Column[] columns) {
        Column[] held = new Column[columns.length];
        for (int i = 0; i < columns.length; i++) {
            held[i] = columns[i].hold();
        }
        return held;
    }
}
