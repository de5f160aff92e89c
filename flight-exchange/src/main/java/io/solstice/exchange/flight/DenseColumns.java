package io.solstice.exchange.flight;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * A batch as it is sent: a column of views carries the bytes that its rows point at. Within a process views of many
 * batches share large buffers, and a filter or a partitioning leaves them as they are; sent as they are, a few rows
 * would take whole pools with them.
 */
final class DenseColumns implements AutoCloseable {
    private static final int VIEW_BYTES = BaseVariableWidthViewVector.ELEMENT_SIZE;
    private static final int INLINE_BYTES = BaseVariableWidthViewVector.INLINE_SIZE;
    private static final int BUFFER_INDEX_AT = 8;
    private static final int OFFSET_AT = 12;
    /** Less than this is not worth a copy. */
    private static final long WORTH_A_COPY = 4096;

    private final VectorSchemaRoot root;
    private final List<FieldVector> copies = new ArrayList<>();

    /** Shares the memory of the columns that are dense already; the root stays the caller's. */
    DenseColumns(VectorSchemaRoot batch) {
        List<FieldVector> columns = new ArrayList<>(batch.getFieldVectors().size());
        try {
            for (FieldVector column : batch.getFieldVectors()) {
                columns.add(column instanceof BaseVariableWidthViewVector views ? dense(views) : column);
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
        root = copies.isEmpty() ? batch : new VectorSchemaRoot(batch.getSchema(), columns, batch.getRowCount());
    }

    VectorSchemaRoot root() {
        return root;
    }

    private FieldVector dense(BaseVariableWidthViewVector column) {
        long there = 0;
        for (ArrowBuf data : column.getDataBuffers()) {
            there += data.readableBytes();
        }
        if (there < WORTH_A_COPY) {
            return column;
        }
        // Bytes that several rows share count once for each, as they are copied; then the pool may be the denser form.
        long pointedAt = pointedAt(column);
        return 2 * pointedAt < there ? copy(column, pointedAt) : column;
    }

    private static long pointedAt(BaseVariableWidthViewVector column) {
        ArrowBuf views = column.getDataBuffer();
        long bytes = 0;
        for (int row = 0; row < column.getValueCount(); row++) {
            int length = views.getInt((long) row * VIEW_BYTES);
            if (length > INLINE_BYTES && !column.isNull(row)) {
                bytes += length;
            }
        }
        return bytes;
    }

    private FieldVector copy(BaseVariableWidthViewVector column, long bytes) {
        int rows = column.getValueCount();
        BufferAllocator allocator = column.getAllocator();
        FieldVector dense = column.getField().createVector(allocator);
        copies.add(dense);
        try (ArrowBuf views = allocator.buffer((long) rows * VIEW_BYTES);
                ArrowBuf data = allocator.buffer(bytes)) {
            views.setBytes(0, column.getDataBuffer(), 0, (long) rows * VIEW_BYTES);
            views.writerIndex((long) rows * VIEW_BYTES);
            long end = 0;
            for (int row = 0; row < rows; row++) {
                long view = (long) row * VIEW_BYTES;
                int length = views.getInt(view);
                if (column.isNull(row)) {
                    // What stands under a null is arbitrary, and must not point anywhere.
                    views.setZero(view, VIEW_BYTES);
                } else if (length > INLINE_BYTES) {
                    ArrowBuf from = column.getDataBuffers().get(views.getInt(view + BUFFER_INDEX_AT));
                    data.setBytes(end, from, views.getInt(view + OFFSET_AT), length);
                    views.setInt(view + BUFFER_INDEX_AT, 0);
                    views.setInt(view + OFFSET_AT, Math.toIntExact(end));
                    end += length;
                }
            }
            data.writerIndex(end);
            List<ArrowBuf> buffers = new ArrayList<>(List.of(column.getValidityBuffer(), views));
            if (end > 0) {
                buffers.add(data);
            }
            dense.loadFieldBuffers(new ArrowFieldNode(rows, column.getNullCount()), buffers);
        }
        return dense;
    }

    @Override
    public void close() {
        copies.forEach(FieldVector::close);
    }
}
