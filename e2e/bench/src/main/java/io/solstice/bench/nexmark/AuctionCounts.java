package io.solstice.bench.nexmark;

/** How often auctions occur. */
final class AuctionCounts {
    private static final int WIDTH = 2;

    private final LongTable counts = new LongTable(WIDTH);

    void add(long auction, long count) {
        int at = counts.at(auction);
        counts.words()[at + 1] += count;
    }

    void addAll(AuctionCounts others) {
        long[] words = others.counts.words();
        for (int at = 0; at < words.length; at += WIDTH) {
            if (words[at] != 0) {
                add(words[at], words[at + 1]);
            }
        }
    }

    /** The most frequent one, of several the newest, as a result of the window with that end; none if there are none. */
    Checksum hottest(long endMicros) {
        long auction = 0;
        long most = 0;
        long[] words = counts.words();
        for (int at = 0; at < words.length; at += WIDTH) {
            long count = words[at + 1];
            if (count > most || count == most && words[at] > auction) {
                most = count;
                auction = words[at];
            }
        }
        return most == 0 ? Checksum.NONE : new Checksum(1, Checksum.hotItem(endMicros / 1_000, auction, most));
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void clear() {
        counts.clear();
    }
}
