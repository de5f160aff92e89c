package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.ResultChecksum.word;

import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.util.MemoryUtil;

/** What the joins of persons with the auctions that they open read of a batch of events. */
record SaleColumns(
        RowTimes times,
        long types,
        long persons,
        long names,
        long cities,
        long states,
        long auctions,
        long sellers,
        long categories) {
    /** The positions of these columns among all of an event, for batches that hold nothing else. */
    static final int[] POSITIONS = {
        NexmarkColumn.EVENT_TYPE.ordinal(),
        NexmarkColumn.DATE_TIME.ordinal(),
        NexmarkColumn.PERSON_ID.ordinal(),
        NexmarkColumn.NAME.ordinal(),
        NexmarkColumn.CITY.ordinal(),
        NexmarkColumn.STATE.ordinal(),
        NexmarkColumn.AUCTION_ID.ordinal(),
        NexmarkColumn.SELLER.ordinal(),
        NexmarkColumn.CATEGORY.ordinal()
    };

    static SaleColumns of(Batch batch) {
        return new SaleColumns(
                RowTimes.of(batch),
                BidColumns.address(batch, NexmarkColumn.EVENT_TYPE),
                BidColumns.address(batch, NexmarkColumn.PERSON_ID),
                BidColumns.address(batch, NexmarkColumn.NAME),
                BidColumns.address(batch, NexmarkColumn.CITY),
                BidColumns.address(batch, NexmarkColumn.STATE),
                BidColumns.address(batch, NexmarkColumn.AUCTION_ID),
                BidColumns.address(batch, NexmarkColumn.SELLER),
                BidColumns.address(batch, NexmarkColumn.CATEGORY));
    }

    int rows() {
        return times.rows();
    }

    int type(int row) {
        return MemoryUtil.getInt(types + ((long) row << 2));
    }

    long person(int row) {
        return word(persons, row);
    }

    int nameLength(int row) {
        return ResultChecksum.length(names, row);
    }

    int cityLength(int row) {
        return ResultChecksum.length(cities, row);
    }

    /** The state's length and first four letters, which are all that it has. */
    long state(int row) {
        return MemoryUtil.getLong(states + ((long) row << 4));
    }

    long auction(int row) {
        return word(auctions, row);
    }

    long seller(int row) {
        return word(sellers, row);
    }

    long category(int row) {
        return word(categories, row);
    }
}
