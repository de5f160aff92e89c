package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.ResultChecksum.length;
import static io.solstice.bench.nexmark.ResultChecksum.word;

import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * The queries as a programmer would write them without an engine: one thread, one loop over the columns, no result
 * kept. It is the limit that the systems are measured against, and tells which checksum they must come to.
 */
public final class HandLoop {
    private HandLoop() {}

    /** Generates the events of a split into one batch, again and again, and queries it. */
    public static Checksum generate(Query query, BufferAllocator allocator, EventRange range, Runnable started) {
        Checksum result = Checksum.NONE;
        try (NexmarkBatches batches = range.batches(allocator);
                Batch reused = batches.make(0, NexmarkBatches.ROWS)) {
            started.run();
            long position = 0;
            for (; position + NexmarkBatches.ROWS <= range.rows(); position += NexmarkBatches.ROWS) {
                batches.refill(reused, position);
                result = result.plus(run(query, reused));
            }
            if (position < range.rows()) {
                try (Batch last = batches.make(position, (int) (range.rows() - position))) {
                    result = result.plus(run(query, last));
                }
            }
        }
        return result;
    }

    /** Queries batches that are in memory already, in turn, until so many rows have passed. */
    public static Checksum replay(Query query, BufferAllocator allocator, EventRange range, Runnable started) {
        Checksum result = Checksum.NONE;
        try (Replay replay = new Replay(allocator, range)) {
            started.run();
            for (Batch batch = replay.next(); batch != null; batch = replay.next()) {
                result = result.plus(run(query, batch));
                batch.close();
            }
        }
        return result;
    }

    private static Checksum run(Query query, Batch batch) {
        return switch (query) {
            case Q0 -> {
                ResultChecksum all = new ResultChecksum(Query.Q0);
                all.add(batch);
                yield all.value();
            }
            case Q1 -> bidsInEuros(batch);
            case Q2 -> someAuctions(batch);
        };
    }

    private static Checksum bidsInEuros(Batch batch) {
        long types = address(batch, NexmarkColumn.EVENT_TYPE);
        long times = address(batch, NexmarkColumn.DATE_TIME);
        long auctions = address(batch, NexmarkColumn.AUCTION);
        long bidders = address(batch, NexmarkColumn.BIDDER);
        long prices = address(batch, NexmarkColumn.PRICE);
        long extras = address(batch, NexmarkColumn.EXTRA);
        long found = 0;
        long sum = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            if (MemoryUtil.getInt(types + ((long) row << 2)) == Nexmark.BID) {
                double price = word(prices, row) * Query.EUROS_PER_DOLLAR;
                sum += Checksum.bidInEuros(
                        word(auctions, row), word(bidders, row), price, word(times, row), length(extras, row));
                found++;
            }
        }
        return new Checksum(found, sum);
    }

    private static Checksum someAuctions(Batch batch) {
        long types = address(batch, NexmarkColumn.EVENT_TYPE);
        long auctions = address(batch, NexmarkColumn.AUCTION);
        long prices = address(batch, NexmarkColumn.PRICE);
        long found = 0;
        long sum = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            if (MemoryUtil.getInt(types + ((long) row << 2)) == Nexmark.BID
                    && word(auctions, row) % Query.AUCTION_MODULUS == 0) {
                sum += Checksum.auctionAndPrice(word(auctions, row), word(prices, row));
                found++;
            }
        }
        return new Checksum(found, sum);
    }

    private static long address(Batch batch, NexmarkColumn column) {
        return batch.column(column.ordinal()).getDataBufferAddress();
    }
}
