package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.ResultChecksum.word;

import io.solstice.exchange.batch.Batch;

/** When the events of a batch happened, in microseconds; it grows from row to row. */
record RowTimes(int rows, long times) {
    static RowTimes of(Batch batch) {
        return new RowTimes(
                batch.rowCount(),
                batch.column(NexmarkColumn.DATE_TIME.columnName()).getDataBufferAddress());
    }

    long at(int row) {
        return word(times, row);
    }

    long last() {
        return at(rows - 1);
    }

    /** The first row from one on that is not before a time, or the number of rows. */
    int firstNotBefore(long time, int from) {
        if (rows > from && last() < time) {
            return rows;
        }
        int row = from;
        while (row < rows && at(row) < time) {
            row++;
        }
        return row;
    }
}
