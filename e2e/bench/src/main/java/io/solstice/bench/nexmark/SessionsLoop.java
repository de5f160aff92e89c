package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.Arrays;

/** {@link Query#Q11}: once in each gap it looks for the sessions that are over. */
final class SessionsLoop implements QueryLoop {
    private static final long GAP = Query.GAP.toNanos() / 1_000;

    private Open open = new Open();
    private Open spare = new Open();
    private long nextLook;
    private long rows;
    private long sum;

    /** A session for each bidder. */
    private static final class Open {
        private final LongTable bidders = new LongTable();
        private long[] starts = new long[bidders.capacity()];
        private long[] lasts = new long[bidders.capacity()];
        private long[] counts = new long[bidders.capacity()];

        int number(long bidder) {
            int number = bidders.number(bidder);
            if (number >= counts.length) {
                starts = Arrays.copyOf(starts, bidders.capacity());
                lasts = Arrays.copyOf(lasts, bidders.capacity());
                counts = Arrays.copyOf(counts, bidders.capacity());
            }
            return number;
        }

        void put(long bidder, long start, long last, long count) {
            int number = number(bidder);
            starts[number] = start;
            lasts[number] = last;
            counts[number] = count;
        }

        void clear() {
            Arrays.fill(counts, 0, bidders.size(), 0);
            bidders.clear();
        }
    }

    @Override
    public void add(Batch batch) {
        BidColumns in = BidColumns.of(batch);
        for (int row = 0; row < in.rows(); row++) {
            if (in.isBid(row)) {
                add(in.bidder(row), in.time(row));
            }
        }
        long now = in.time(in.rows() - 1);
        if (now >= nextLook) {
            closeUntil(now);
            nextLook = now + GAP;
        }
    }

    private void add(long bidder, long time) {
        int number = open.number(bidder);
        if (open.counts[number] == 0 || time - open.lasts[number] >= GAP) {
            close(number);
            open.starts[number] = time;
            open.counts[number] = 0;
        }
        open.lasts[number] = time;
        open.counts[number]++;
    }

    /** Keeps those that may go on after that time. */
    private void closeUntil(long now) {
        for (int number = 0; number < open.bidders.size(); number++) {
            if (now - open.lasts[number] >= GAP) {
                close(number);
            } else {
                spare.put(open.bidders.key(number), open.starts[number], open.lasts[number], open.counts[number]);
            }
        }
        Open old = open;
        old.clear();
        open = spare;
        spare = old;
    }

    private void close(int number) {
        if (open.counts[number] > 0) {
            rows++;
            sum += Checksum.session(
                    open.bidders.key(number),
                    open.starts[number] / 1_000,
                    (open.lasts[number] + GAP) / 1_000,
                    open.counts[number]);
        }
    }

    @Override
    public Checksum end() {
        closeUntil(Long.MAX_VALUE);
        return new Checksum(rows, sum);
    }
}
