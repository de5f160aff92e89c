package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;

/** {@link Query#Q11}: once in each gap it looks for the sessions that are over. */
final class SessionsLoop implements QueryLoop {
    private static final long GAP = Query.GAP.toNanos() / 1_000;
    /** Beside the bidder of a session. */
    private static final int START = 1;

    private static final int LAST = 2;
    private static final int COUNT = 3;
    private static final int WIDTH = 4;

    private LongTable open = new LongTable(WIDTH);
    private LongTable spare = new LongTable(WIDTH);
    private long nextLook;
    private long rows;
    private long sum;

    @Override
    public int[] columns() {
        return BidColumns.POSITIONS;
    }

    @Override
    public void add(Batch batch) {
        BidColumns in = BidColumns.of(batch);
        for (int row = 0; row < in.rows(); row++) {
            if (in.isBid(row)) {
                add(in.bidder(row), in.times().at(row));
            }
        }
        long now = in.times().last();
        if (now >= nextLook) {
            closeUntil(now);
            nextLook = now + GAP;
        }
    }

    private void add(long bidder, long time) {
        int at = open.at(bidder);
        long[] words = open.words();
        if (time - words[at + LAST] >= GAP) {
            close(words, at);
            words[at + START] = time;
            words[at + COUNT] = 0;
        }
        words[at + LAST] = time;
        words[at + COUNT]++;
    }

    /** Keeps those that may go on after that time. */
    private void closeUntil(long now) {
        long[] words = open.words();
        for (int at = 0; at < words.length; at += WIDTH) {
            if (words[at] == 0) {
                continue;
            }
            if (now - words[at + LAST] >= GAP) {
                close(words, at);
            } else {
                int kept = spare.at(words[at]);
                System.arraycopy(words, at, spare.words(), kept, WIDTH);
            }
        }
        LongTable old = open;
        old.clear();
        open = spare;
        spare = old;
    }

    private void close(long[] words, int at) {
        if (words[at + COUNT] > 0) {
            rows++;
            sum += Checksum.session(
                    words[at], words[at + START] / 1_000, (words[at + LAST] + GAP) / 1_000, words[at + COUNT]);
        }
    }

    @Override
    public Checksum end() {
        closeUntil(Long.MAX_VALUE);
        return new Checksum(rows, sum);
    }
}
