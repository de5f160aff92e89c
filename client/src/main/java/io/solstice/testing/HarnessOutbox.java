package io.solstice.testing;

import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Takes what is emitted as rows; iterators are drained one batch at a time, after the operator has returned. */
final class HarnessOutbox implements Outbox {
    private final List<Row> results;
    private final Deque<Iterator<Batch>> pending = new ArrayDeque<>();

    HarnessOutbox(List<Row> results) {
        this.results = results;
    }

    @Override
    public void emit(Batch batch) {
        if (pending.isEmpty()) {
            take(batch);
        } else {
            pending.add(new Waiting(batch));
        }
    }

    @Override
    public void emitAll(Iterator<Batch> batches) {
        pending.add(batches);
    }

    /** A batch behind iterators that are not drained yet. */
    private static final class Waiting implements Iterator<Batch>, AutoCloseable {
        private @Nullable Batch batch;

        Waiting(Batch batch) {
            this.batch = batch;
        }

        @Override
        public boolean hasNext() {
            return batch != null;
        }

        @Override
        public Batch next() {
            Batch next = batch;
            if (next == null) {
                throw new NoSuchElementException();
            }
            batch = null;
            return next;
        }

        @Override
        public void close() {
            if (batch != null) {
                batch.close();
            }
        }
    }

    void drain() throws Exception {
        while (!pending.isEmpty()) {
            Iterator<Batch> first = pending.element();
            if (first.hasNext()) {
                take(first.next());
            } else {
                close(pending.remove());
            }
        }
    }

    /** Closes what was never drained. */
    void drop() throws Exception {
        while (!pending.isEmpty()) {
            close(pending.remove());
        }
    }

    private static void close(Iterator<Batch> iterator) throws Exception {
        if (iterator instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    private void take(Batch batch) {
        try (batch) {
            results.addAll(new RowReader(batch).rows());
        }
    }
}
