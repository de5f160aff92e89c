package io.solstice.worker.record;

import io.solstice.exchange.batch.Batch;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a {@link RecordFlatMap} for one input batch, which it owns. Close it, also if it was not read to its
 * end.
 */
public final class RecordResults implements Iterator<Batch>, AutoCloseable {
    private final Batch batch;
    private final int mostRows;
    private final BufferAllocator allocator;
    private final RecordFailures failures;
    private final Code code;
    private final InputColumns in;
    private final Captured captured = new Captured();
    private final Object[] sinks = {captured};
    private @Nullable Iterator<?> results;
    private int row = -1;
    private boolean closed;

    /** What is the same for all batches of one operator. */
    record Code(RecordLoop loop, RecordStore store, InputBinding input, RecordShape output, Schema schema) {}

    /** Takes what the function returns from the generated loop. */
    private static final class Captured implements ComponentWriter {
        private @Nullable Object value;

        @Override
        public void write(int row, @Nullable Object returned) {
            value = returned;
        }

        @Override
        public void finish(int rows) {}
    }

    RecordResults(Batch batch, int mostRows, BufferAllocator allocator, RecordFailures failures, Code code) {
        this.batch = batch;
        this.mostRows = mostRows;
        this.allocator = allocator;
        this.failures = failures;
        this.code = code;
        this.in = bound(code.input(), batch, allocator);
    }

    private static InputColumns bound(InputBinding input, Batch batch, BufferAllocator allocator) {
        try {
            return new InputColumns(input, batch, allocator);
        } catch (RuntimeException | Error failure) {
            batch.close();
            throw failure;
        }
    }

    @Override
    public boolean hasNext() {
        while (!closed && !hasResult()) {
            if (row + 1 >= batch.rowCount()) {
                close();
                return false;
            }
            row++;
            results = resultsOfRow();
        }
        return !closed;
    }

    /** Whether the current row has another result; one whose iterator fails has none. */
    private boolean hasResult() {
        try {
            return results != null && results.hasNext();
        } catch (RuntimeException failure) {
            results = null;
            failures.failed(row, failure);
            return false;
        }
    }

    private @Nullable Iterator<?> resultsOfRow() {
        try {
            if (in.haveNulls()) {
                code.loop().sparse(in.addresses, in.readers, in.addresses, sinks, row, row + 1);
            } else {
                code.loop().dense(in.addresses, in.readers, in.addresses, sinks, row, row + 1);
            }
            if (captured.value == null) {
                throw RecordLoop.nullResult();
            }
            return ((Iterable<?>) captured.value).iterator();
        } catch (OutOfMemoryError | InternalError broken) {
            throw broken;
        } catch (Throwable failure) {
            failures.failed(row, failure);
            return null;
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try (OutputColumns out = new OutputColumns(code.output(), code.schema().getFields(), mostRows, allocator)) {
            int count = 0;
            while (count < mostRows && hasNext()) {
                count += write(out, count) ? 1 : 0;
            }
            return Batch.of(code.schema(), out.finish(count), count);
        }
    }

    /** Whether there was a result and it was written; the rest of a row that fails is left out. */
    private boolean write(OutputColumns out, int at) {
        try {
            Object record = results == null ? null : results.next();
            if (record == null) {
                throw RecordLoop.nullResult();
            }
            code.store().write(record, out.addresses, out.sinks, at);
            return true;
        } catch (OutOfMemoryError | InternalError broken) {
            throw broken;
        } catch (Throwable failure) {
            results = null;
            failures.failed(row, failure);
            return false;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            in.close();
            batch.close();
        }
    }
}
