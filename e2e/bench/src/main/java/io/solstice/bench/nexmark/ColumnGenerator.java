package io.solstice.bench.nexmark;

import static io.solstice.bench.nexmark.NexmarkColumn.*;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Writes the events {@code first, first + stride, first + 2 * stride, …} as columns, by raw address. Bids come in runs
 * of up to 46, for which everything but the event's own hash is computed once. Strings are written as views of the
 * pools.
 */
final class ColumnGenerator {
    private final long seed;
    private final long first;
    private final long stride;
    private final ValidityBits validity;
    private final long[] prices = Pools.STANDARD.prices;
    private final long[][] views = new long[NexmarkColumn.ALL.size()][];

    ColumnGenerator(long seed, long first, long stride) {
        this.seed = seed;
        this.first = first;
        this.stride = stride;
        this.validity = new ValidityBits(first, stride);
        for (NexmarkColumn column : NexmarkColumn.ALL) {
            StringPool pool = column.pool();
            views[column.ordinal()] = pool == null ? new long[0] : pool.views();
        }
    }

    /**
     * Writes rows for the events from the given position on.
     *
     * @param values for each column, the address of its values
     * @param bits for each kind of event, the address of the bitmap of the rows of that kind
     */
    void fill(long position, int rows, long[] values, long[] bits) {
        long start = first + position * stride;
        validity.write(position, rows, bits);
        long times = values[DATE_TIME.ordinal()];
        long types = values[EVENT_TYPE.ordinal()];
        long time = Nexmark.dateTime(start);
        long step = Nexmark.dateTime(start + stride) - time;
        for (int row = 0; row < rows; row++) {
            MemoryUtil.putLong(times + ((long) row << 3), time + row * step);
        }
        long n = start;
        int row = 0;
        while (row < rows) {
            int offset = (int) (n % Nexmark.EPOCH);
            int run = 1;
            switch (Nexmark.kind(n)) {
                case Nexmark.PERSON -> person(n, row, values);
                case Nexmark.AUCTION -> auction(n, row, values);
                default -> {
                    run = (int) Math.min(rows - row, (Nexmark.EPOCH - offset + stride - 1) / stride);
                    bids(n, row, run, values);
                }
            }
            int kind = Nexmark.kind(n);
            for (int i = row; i < row + run; i++) {
                MemoryUtil.putInt(types + ((long) i << 2), kind);
            }
            row += run;
            n += run * stride;
        }
    }

    private void bids(long from, int row, int run, long[] values) {
        long lastAuction = Nexmark.lastAuction(from);
        long hotAuction = Nexmark.hotAuction(lastAuction);
        long oldestAuction = Nexmark.oldestAuction(lastAuction);
        long auctionChoices = Nexmark.auctionsToChoose(lastAuction);
        long lastPerson = Nexmark.lastPerson(from);
        long hotBidder = Nexmark.hotBidder(lastPerson);
        long oldestPerson = Nexmark.oldestPerson(lastPerson);
        long personChoices = Nexmark.peopleToChoose(lastPerson);
        long auctions = values[AUCTION.ordinal()] + ((long) row << 3);
        long bidders = values[BIDDER.ordinal()] + ((long) row << 3);
        long bidPrices = values[PRICE.ordinal()] + ((long) row << 3);
        long channels = values[CHANNEL.ordinal()] + ((long) row << 4);
        long urls = values[URL.ordinal()] + ((long) row << 4);
        long extras = values[EXTRA.ordinal()] + ((long) row << 4);
        long[] channelViews = views[CHANNEL.ordinal()];
        long[] urlViews = views[URL.ordinal()];
        long[] extraViews = views[EXTRA.ordinal()];
        long n = from;
        for (int i = 0; i < run; i++) {
            long hash = Nexmark.hash(seed, n);
            n += stride;
            long at = (long) i << 3;
            MemoryUtil.putLong(auctions + at, Nexmark.bidAuction(hash, hotAuction, oldestAuction, auctionChoices));
            MemoryUtil.putLong(bidders + at, Nexmark.personOf(hash, hotBidder, oldestPerson, personChoices));
            MemoryUtil.putLong(bidPrices + at, prices[Nexmark.priceIndex(hash)]);
            int where = Nexmark.text(hash, 0);
            put(channels + 2 * at, channelViews, where);
            put(urls + 2 * at, urlViews, where);
            put(extras + 2 * at, extraViews, Nexmark.text(hash, 1));
        }
    }

    private void auction(long n, int row, long[] values) {
        long hash = Nexmark.hash(seed, n);
        long lastPerson = Nexmark.lastPerson(n);
        long reserve = prices[Nexmark.priceIndex(hash)];
        number(values, AUCTION_ID, row, Nexmark.FIRST_ID + Nexmark.lastAuction(n));
        text(values, ITEM_NAME, row, Nexmark.text(hash, 0));
        text(values, DESCRIPTION, row, Nexmark.text(hash, 1));
        number(values, INITIAL_BID, row, reserve);
        number(values, RESERVE, row, reserve + prices[Nexmark.secondPriceIndex(hash)]);
        number(values, EXPIRES, row, Nexmark.expires(Nexmark.dateTime(n), hash));
        number(
                values,
                SELLER,
                row,
                Nexmark.personOf(
                        hash,
                        Nexmark.hotSeller(lastPerson),
                        Nexmark.oldestPerson(lastPerson),
                        Nexmark.peopleToChoose(lastPerson)));
        number(values, CATEGORY, row, Nexmark.category(hash));
        text(values, AUCTION_EXTRA, row, Nexmark.text(hash, 2));
    }

    private void person(long n, int row, long[] values) {
        long hash = Nexmark.hash(seed, n);
        number(values, PERSON_ID, row, Nexmark.FIRST_ID + Nexmark.lastPerson(n));
        text(values, NAME, row, Nexmark.text(hash, 0));
        text(values, EMAIL, row, Nexmark.text(hash, 1));
        text(values, CREDIT_CARD, row, Nexmark.text(hash, 2));
        text(values, CITY, row, Nexmark.text(hash, 3));
        text(values, STATE, row, Nexmark.text(hash, 4));
        text(values, PERSON_EXTRA, row, Nexmark.text(hash, 5));
    }

    private static void number(long[] values, NexmarkColumn column, int row, long value) {
        MemoryUtil.putLong(values[column.ordinal()] + ((long) row << 3), value);
    }

    private void text(long[] values, NexmarkColumn column, int row, int index) {
        put(values[column.ordinal()] + ((long) row << 4), views[column.ordinal()], index);
    }

    private static void put(long address, long[] views, int index) {
        MemoryUtil.putLong(address, views[2 * index]);
        MemoryUtil.putLong(address + 8, views[2 * index + 1]);
    }
}
