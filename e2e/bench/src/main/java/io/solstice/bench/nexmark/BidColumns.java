package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.ResultChecksum.word;

import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * What the queries about bids read of a batch of events: where the values of its columns lie. Only rows that are bids
 * have any but a type and a time.
 */
record BidColumns(RowTimes times, long types, long auctions, long bidders, long prices) {
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
                RowTimes.of(batch),
                address(batch, NexmarkColumn.EVENT_TYPE),
                address(batch, NexmarkColumn.AUCTION),
                address(batch, NexmarkColumn.BIDDER),
                address(batch, NexmarkColumn.PRICE));
    }

    static long address(Batch batch, NexmarkColumn column) {
        return batch.column(column.columnName()).getDataBufferAddress();
    }

    int rows() {
        return times.rows();
    }

    boolean isBid(int row) {
        return MemoryUtil.getInt(types + ((long) row << 2)) == Nexmark.BID;
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
}
