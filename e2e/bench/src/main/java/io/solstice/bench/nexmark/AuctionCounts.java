package io.solstice.bench.nexmark;

import java.util.Arrays;

/** How often auctions occur. */
final class AuctionCounts {
    private final LongTable auctions = new LongTable();
    private long[] counts = new long[auctions.capacity()];

    void add(long auction, long count) {
        int number = auctions.number(auction);
        if (number >= counts.length) {
            counts = Arrays.copyOf(counts, auctions.capacity());
        }
        counts[number] += count;
    }

    void addAll(AuctionCounts others) {
        for (int number = 0; number < others.auctions.size(); number++) {
            add(others.auctions.key(number), others.counts[number]);
        }
    }

    /** The most frequent one, of several the newest, as a result of the window with that end; none if there are none. */
    Checksum hottest(long endMicros) {
        long auction = 0;
        long most = 0;
        for (int number = 0; number < auctions.size(); number++) {
            if (counts[number] > most || counts[number] == most && auctions.key(number) > auction) {
                most = counts[number];
                auction = auctions.key(number);
            }
        }
        return most == 0 ? Checksum.NONE : new Checksum(1, Checksum.hotItem(endMicros / 1_000, auction, most));
    }

    boolean isEmpty() {
        return auctions.size() == 0;
    }

    void clear() {
        Arrays.fill(counts, 0, auctions.size(), 0);
        auctions.clear();
    }
}
