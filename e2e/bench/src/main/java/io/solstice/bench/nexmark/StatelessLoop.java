package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.ResultChecksum.length;
import static io.solstice.bench.nexmark.ResultChecksum.word;

import io.solstice.exchange.batch.Batch;
import java.util.stream.IntStream;
import org.apache.arrow.memory.util.MemoryUtil;

/** The queries that answer each event for itself. */
final class StatelessLoop implements QueryLoop {
    private final Query query;
    private Checksum result = Checksum.NONE;

    StatelessLoop(Query query) {
        this.query = query;
    }

    @Override
    public int[] columns() {
        return IntStream.range(0, NexmarkColumn.ALL.size()).toArray();
    }

    @Override
    public void add(Batch batch) {
        result = result.plus(run(batch));
    }

    @Override
    public Checksum end() {
        return result;
    }

    private Checksum run(Batch batch) {
        return switch (query) {
            case Q1 -> bidsInEuros(batch);
            case Q2 -> someAuctions(batch);
            default -> {
                ResultChecksum all = new ResultChecksum(query);
                all.add(batch);
                yield all.value();
            }
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
