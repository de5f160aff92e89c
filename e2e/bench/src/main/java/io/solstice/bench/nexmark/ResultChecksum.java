package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.Objects;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.ViewVarCharVector;

/** Sums up the batches that a Nexmark query gives. */
public final class ResultChecksum implements BatchChecksum {
    /** What the columns of results are called that are not columns of events; times are in microseconds. */
    public static final String BIDS = "bids";

    public static final String START = "window_start";
    public static final String END = "window_end";

    private static final int NONE = -1;

    private final Query query;
    private long rows;
    private long sum;

    public ResultChecksum(Query query) {
        this.query = query;
    }

    @Override
    public void add(Batch batch) {
        rows += batch.rowCount();
        sum += switch (query) {
            case Q0 -> events(batch);
            case Q1 -> bidsInEuros(batch);
            case Q2 -> auctionsAndPrices(batch);
            case Q3 -> localSales(batch);
            case Q8 -> newSellers(batch);
            case Q5 -> hotItems(batch);
            case Q7 -> highestBids(batch);
            case Q11 -> sessions(batch);
        };
    }

    @Override
    public Checksum value() {
        return new Checksum(rows, sum);
    }

    private static long events(Batch batch) {
        Columns in = new Columns(batch);
        long types = in.values(NexmarkColumn.EVENT_TYPE);
        long times = in.values(NexmarkColumn.DATE_TIME);
        long auctions = in.values(NexmarkColumn.AUCTION);
        long bidders = in.values(NexmarkColumn.BIDDER);
        long prices = in.values(NexmarkColumn.PRICE);
        long extras = in.texts(NexmarkColumn.EXTRA);
        long ids = in.values(NexmarkColumn.AUCTION_ID);
        long reserves = in.values(NexmarkColumn.RESERVE);
        long sellers = in.values(NexmarkColumn.SELLER);
        long auctionExtras = in.texts(NexmarkColumn.AUCTION_EXTRA);
        long persons = in.values(NexmarkColumn.PERSON_ID);
        long personExtras = in.texts(NexmarkColumn.PERSON_EXTRA);
        long total = 0;
        int rows = batch.rowCount();
        for (int row = 0; row < rows; row++) {
            int type = type(types, row);
            // Bids come one after the other; a loop of their own needs few addresses at a time.
            while (type == Nexmark.BID) {
                total += Checksum.bid(
                        word(auctions, row),
                        word(bidders, row),
                        word(prices, row),
                        word(times, row),
                        length(extras, row));
                row++;
                type = row < rows ? type(types, row) : NONE;
            }
            if (type == Nexmark.AUCTION) {
                total += Checksum.auction(
                        word(ids, row),
                        word(reserves, row),
                        word(sellers, row),
                        word(times, row),
                        length(auctionExtras, row));
            } else if (type == Nexmark.PERSON) {
                total += Checksum.person(word(persons, row), word(times, row), length(personExtras, row));
            }
        }
        return total;
    }

    private static long bidsInEuros(Batch batch) {
        Columns in = new Columns(batch);
        long times = in.values(NexmarkColumn.DATE_TIME);
        long auctions = in.values(NexmarkColumn.AUCTION);
        long bidders = in.values(NexmarkColumn.BIDDER);
        long prices = in.doubles(NexmarkColumn.PRICE);
        long extras = in.texts(NexmarkColumn.EXTRA);
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            double price = Double.longBitsToDouble(word(prices, row));
            total += Checksum.bidInEuros(
                    word(auctions, row), word(bidders, row), price, word(times, row), length(extras, row));
        }
        return total;
    }

    private static long auctionsAndPrices(Batch batch) {
        Columns in = new Columns(batch);
        long auctions = in.values(NexmarkColumn.AUCTION);
        long prices = in.values(NexmarkColumn.PRICE);
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            total += Checksum.auctionAndPrice(word(auctions, row), word(prices, row));
        }
        return total;
    }

    private static long hotItems(Batch batch) {
        Columns in = new Columns(batch);
        long ends = in.words(END);
        long auctions = in.words("auction");
        long bids = in.words(BIDS);
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            total += Checksum.hotItem(word(ends, row) / 1_000, word(auctions, row), word(bids, row));
        }
        return total;
    }

    private static long localSales(Batch batch) {
        Columns in = new Columns(batch);
        long auctions = in.values(NexmarkColumn.AUCTION_ID);
        long persons = in.values(NexmarkColumn.PERSON_ID);
        long names = in.texts(NexmarkColumn.NAME);
        long cities = in.texts(NexmarkColumn.CITY);
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            total += Checksum.localSale(
                    word(auctions, row), word(persons, row), length(names, row) + length(cities, row));
        }
        return total;
    }

    private static long newSellers(Batch batch) {
        Columns in = new Columns(batch);
        long ends = in.words(END);
        long persons = in.values(NexmarkColumn.PERSON_ID);
        long names = in.texts(NexmarkColumn.NAME);
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            total += Checksum.newSeller(word(ends, row) / 1_000, word(persons, row), length(names, row));
        }
        return total;
    }

    private static long highestBids(Batch batch) {
        Columns in = new Columns(batch);
        long ends = in.words(END);
        long prices = in.words("price");
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            total += Checksum.highestBid(word(ends, row) / 1_000, word(prices, row));
        }
        return total;
    }

    private static long sessions(Batch batch) {
        Columns in = new Columns(batch);
        long bidders = in.words("bidder");
        long starts = in.words(START);
        long ends = in.words(END);
        long bids = in.words(BIDS);
        long total = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            total += Checksum.session(
                    word(bidders, row), word(starts, row) / 1_000, word(ends, row) / 1_000, word(bids, row));
        }
        return total;
    }

    private static int type(long types, int row) {
        return MemoryUtil.getInt(types + ((long) row << 2));
    }

    static long word(long address, int row) {
        return MemoryUtil.getLong(address + ((long) row << 3));
    }

    /** A view begins with the length. */
    static int length(long views, int row) {
        return MemoryUtil.getInt(views + ((long) row << 4));
    }

    /** Where the values of columns lie, by name; a column that came in another layout is refused. */
    private record Columns(Batch batch) {
        long values(NexmarkColumn column) {
            return batch.column(column.columnName()).getDataBufferAddress();
        }

        /** Whole numbers or times of eight bytes. */
        long words(String column) {
            FieldVector vector = batch.column(column);
            if (vector instanceof BaseFixedWidthVector fixed && fixed.getTypeWidth() == Long.BYTES) {
                return vector.getDataBufferAddress();
            }
            throw unexpected(column, "vector of eight bytes a row", vector);
        }

        long doubles(NexmarkColumn column) {
            return checked(column, Float8Vector.class).getDataBufferAddress();
        }

        long texts(NexmarkColumn column) {
            return checked(column, ViewVarCharVector.class).getDataBufferAddress();
        }

        private FieldVector checked(NexmarkColumn column, Class<? extends FieldVector> expected) {
            FieldVector vector = batch.column(column.columnName());
            if (!expected.isInstance(vector)) {
                throw unexpected(column.columnName(), expected.getSimpleName(), vector);
            }
            return vector;
        }

        private static IllegalStateException unexpected(String column, String expected, FieldVector found) {
            return new IllegalStateException("expected " + column + " as a " + expected + ", found a "
                    + Objects.requireNonNull(found).getClass().getSimpleName());
        }
    }
}
