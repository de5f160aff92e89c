package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;

/** Some rows of a {@link RowTable}, one behind the other, which owns it. */
final class RowPart {
    Batch batch;
    final int first;
    int live;
    long earliest;
    boolean open = true;
    boolean inFile;

    RowPart(Batch batch, int first) {
        this.batch = batch;
        this.first = first;
        this.live = batch.rowCount();
    }

    int rows() {
        return batch.rowCount();
    }

    long bytes() {
        return open ? batch.byteSize() : 0;
    }

    void close() {
        if (open) {
            open = false;
            batch.close();
        }
    }
}
