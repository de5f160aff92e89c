package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;

/** {@link Query#Q7}. */
final class HighestBidLoop implements QueryLoop {
    private static final long WINDOW = Query.WINDOW.toNanos() / 1_000;
    private static final long NONE = Long.MIN_VALUE;

    private long end;
    private long highest = NONE;
    private Checksum result = Checksum.NONE;

    @Override
    public int[] columns() {
        return BidColumns.POSITIONS;
    }

    @Override
    public void add(Batch batch) {
        BidColumns in = BidColumns.of(batch);
        int row = 0;
        while (row < in.rows()) {
            if (in.times().at(row) >= end) {
                endWindow();
                end = in.times().at(row) / WINDOW * WINDOW + WINDOW;
            }
            int until = in.times().firstNotBefore(end, row);
            highest = Math.max(highest, highest(in, row, until));
            row = until;
        }
    }

    private static long highest(BidColumns in, int from, int until) {
        long highest = NONE;
        for (int row = from; row < until; row++) {
            if (in.isBid(row)) {
                highest = Math.max(highest, in.price(row));
            }
        }
        return highest;
    }

    private void endWindow() {
        if (highest != NONE) {
            result = result.plus(new Checksum(1, Checksum.highestBid(end / 1_000, highest)));
            highest = NONE;
        }
    }

    @Override
    public Checksum end() {
        endWindow();
        return result;
    }
}
