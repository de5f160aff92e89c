package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.ResultChecksum.word;

import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * What the windowed queries read of a batch of events: where the values of its columns lie. Only rows that are bids have
 * any but a type and a time.
 */
record BidColumns(int rows, long types, long times, long auctions, long bidders, long prices) {
    /** The positions of these columns among all of an event, for batches that hold nothing else. */
    static final int[] POSITIONS = {
        NexmarkColumn.EVENT_TYPE.ordinal(),
        NexmarkColumn.DATE_TIME.ordinal(),
        NexmarkColumn.AUCTION.ordinal(),
        NexmarkColumn.BIDDER.ordinal(),
        NexmarkColumn.PRICE.ordinal()
    };

    static BidColumns of(Batch batch) {
        return new BidColumns(
                batch.rowCount(),
                address(batch, NexmarkColumn.EVENT_TYPE),
                address(batch, NexmarkColumn.DATE_TIME),
                address(batch, NexmarkColumn.AUCTION),
                address(batch, NexmarkColumn.BIDDER),
                address(batch, NexmarkColumn.PRICE));
    }

    private static long address(Batch batch, NexmarkColumn column) {
        return batch.column(column.columnName()).getDataBufferAddress();
    }

    boolean isBid(int row) {
        return MemoryUtil.getInt(types + ((long) row << 2)) == Nexmark.BID;
    }

    /** In microseconds. */
    long time(int row) {
        return word(times, row);
    }

    long auction(int row) {
        return word(auctions, row);
    }

    long bidder(int row) {
        return word(bidders, row);
    }

    long price(int row) {
        return word(prices, row);
    }

    /** The first row from one on that is not before a time, or the number of rows: times grow from row to row. */
    int firstNotBefore(long time, int from) {
        if (rows > from && time(rows - 1) < time) {
            return rows;
        }
        int row = from;
        while (row < rows && time(row) < time) {
            row++;
        }
        return row;
    }
}
