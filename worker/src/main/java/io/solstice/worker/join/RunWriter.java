package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes rows that come in the order of their hashes to files. Used by the task's thread, for one run. */
final class RunWriter implements AutoCloseable {
    private static final long BATCH_BYTES = 4L << 20;
    private static final long FILE_BYTES = 64L << 20;
    /** What is put together before it is written takes at most this part of the memory. */
    private static final int SHARE_OF_MEMORY = 32;

    private final List<Field> fields;
    private final BufferAllocator allocator;
    private final Overflow overflow;
    private final int mostRows;
    private final long mostBytes;
    private final PickedRows picked = new PickedRows();
    private final int[] hashes;
    private final @Nullable BitSet matched;
    private final List<Batch> gathered = new ArrayList<>();
    private final List<Batch> written = new ArrayList<>();
    private int rows;
    private long bytes;

    /**
     * @param rowBytes how many bytes a row has, about
     * @param keepsAll whether it is noted who has met a partner
     */
    RunWriter(JoinSide side, boolean keepsAll, BufferAllocator allocator, RunSizes sizes, long rowBytes) {
        this.fields = new ArrayList<>(side.schema().getFields());
        this.allocator = allocator;
        this.overflow = new Overflow(allocator);
        this.mostBytes = Math.min(FILE_BYTES, allocator.getRoot().getLimit() / SHARE_OF_MEMORY);
        long most = Math.min(BATCH_BYTES, mostBytes) / Math.max(1, rowBytes);
        this.mostRows = (int) Math.max(1, Math.min(sizes.batchRows(), most));
        this.hashes = new int[mostRows];
        this.matched = keepsAll ? new BitSet() : null;
    }

    /** Where the row that comes next is to be picked to; then it is to be {@link #added}. */
    PickedRows picked() {
        return picked;
    }

    void added(int hash, boolean hasMet) {
        hashes[picked.count() - 1] = hash;
        if (matched != null && hasMet) {
            matched.set(rows);
        }
        rows++;
        if (picked.count() == mostRows) {
            gather();
        }
    }

    private void gather() {
        List<FieldVector> columns = new ArrayList<>();
        int count = picked.count();
        try {
            for (int i = 0; i < fields.size(); i++) {
                columns.add(picked.column(i, fields.get(i), allocator));
            }
            Field field = new Field("hash", FieldType.notNullable(new ArrowType.Int(32, true)), null);
            IntVector column = new IntVector(field, allocator);
            columns.add(column);
            column.allocateNew(count);
            for (int i = 0; i < count; i++) {
                column.set(i, hashes[i]);
            }
            column.setValueCount(count);
            Batch batch = Batch.of(schema(column.getField()), columns, count);
            gathered.add(batch);
            bytes += batch.byteSize();
        } catch (RuntimeException | Error failure) {
            columns.forEach(FieldVector::close);
            throw failure;
        }
        picked.clear();
        if (bytes >= mostBytes) {
            write();
        }
    }

    private Schema schema(Field hash) {
        List<Field> all = new ArrayList<>(fields);
        all.add(hash);
        return new Schema(all);
    }

    private void write() {
        written.addAll(overflow.copies(gathered));
        gathered.forEach(Batch::close);
        gathered.clear();
        bytes = 0;
    }

    /**
     * All rows, of which there must be one.
     *
     * @param names of tables that have just them, or null
     */
    SortedRun end(int generation, @Nullable List<Object> names) {
        if (picked.count() > 0) {
            gather();
        }
        write();
        SortedRun run = new SortedRun(List.copyOf(written), matched, generation, names);
        written.clear();
        return run;
    }

    /** Closes what has not become a run. */
    @Override
    public void close() {
        gathered.forEach(Batch::close);
        written.forEach(Batch::close);
    }
}
