package io.solstice.worker.operator;

import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;

/** Gathers rows into batches of bounded size, as downstream takes them. */
final class RowBatches implements Iterator<Batch> {
    private static final int ROWS = 1024;

    private final Iterator<Row> rows;
    private final RowWriter writer;
    private final BufferAllocator allocator;

    RowBatches(Iterator<Row> rows, RowWriter writer, BufferAllocator allocator) {
        this.rows = rows;
        this.writer = writer;
        this.allocator = allocator;
    }

    /** Emits rows that are all there already. */
    static void emit(List<Row> rows, RowWriter writer, BufferAllocator allocator, Outbox out) {
        if (!rows.isEmpty()) {
            out.emit(writer.write(rows, allocator));
        }
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Batch next() {
        if (!rows.hasNext()) {
            throw new NoSuchElementException();
        }
        List<Row> chunk = new ArrayList<>(ROWS);
        while (chunk.size() < ROWS && rows.hasNext()) {
            chunk.add(rows.next());
        }
        return writer.write(chunk, allocator);
    }
}
