package io.solstice.api.operator;

import io.solstice.exchange.batch.Batch;
import java.util.Iterator;

/** Where an operator puts what it makes. It is never refused; the task stops feeding it while downstream is full. */
public interface Outbox {
    /** Hands the batch over. A batch without rows is closed and goes no further. */
    void emit(Batch batch);

    /**
     * Hands over batches that are made as downstream takes them, so that a small input with an enormous output needs
     * little memory. The task drains it before it calls the operator again. If the iterator is {@code AutoCloseable} it
     * is closed at its end, or when the task ends early.
     */
    void emitAll(Iterator<Batch> batches);
}
