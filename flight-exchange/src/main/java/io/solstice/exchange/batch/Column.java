package io.solstice.exchange.batch;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.FieldVector;

/** A vector and the number of batches that hold it. The last one to let go frees it. */
final class Column {
    private final FieldVector vector;
    private final AtomicInteger holders = new AtomicInteger(1);

    Column(FieldVector vector) {
        this.vector = vector;
    }

    FieldVector vector() {
        return vector;
    }

    Column hold() {
        if (holders.getAndIncrement() <= 0) {
            throw new IllegalStateException("column " + vector.getName() + " was used after it had been freed");
        }
        return this;
    }

    void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            vector.close();
        } else if (left < 0) {
            throw new IllegalStateException("column " + vector.getName() + " was freed twice");
        }
    }
}
