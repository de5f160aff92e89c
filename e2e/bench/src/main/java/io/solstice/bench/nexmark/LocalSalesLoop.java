package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.Arrays;

/** {@link Query#Q3}. */
final class LocalSalesLoop implements QueryLoop {
    private static final long[] STATES =
            Query.STATES.stream().mapToLong(StringPool::firstView).toArray();

    /** Beside a person's number: the length of what is told of the person, plus 1; the last auction that waits, plus 1. */
    private static final int KNOWN = 1;

    private static final int WAITING = 2;
    private static final int WIDTH = 4;

    private final LongTable persons = new LongTable(WIDTH);
    /** Auctions of persons who may come yet: the number of each, and the one before it of the same person, plus 1. */
    private long[] waiting = new long[1 << 10];

    private long[] before = new long[waiting.length];
    private int waitingCount;
    private long rows;
    private long sum;

    @Override
    public int[] columns() {
        return SaleColumns.POSITIONS;
    }

    @Override
    public void add(Batch batch) {
        SaleColumns in = SaleColumns.of(batch);
        for (int row = 0; row < in.rows(); row++) {
            int type = in.type(row);
            if (type == Nexmark.PERSON && isLocal(in.state(row))) {
                person(in.person(row), in.nameLength(row) + in.cityLength(row));
            } else if (type == Nexmark.AUCTION && in.category(row) == Query.CATEGORY) {
                auction(in.auction(row), in.seller(row));
            }
        }
    }

    private static boolean isLocal(long state) {
        return state == STATES[0] || state == STATES[1] || state == STATES[2];
    }

    private void person(long person, int textLength) {
        int at = persons.at(person);
        long[] words = persons.words();
        words[at + KNOWN] = textLength + 1;
        for (long next = words[at + WAITING]; next > 0; next = before[(int) next - 1]) {
            found(waiting[(int) next - 1], person, textLength);
        }
        words[at + WAITING] = 0;
    }

    private void auction(long auction, long seller) {
        int at = persons.at(seller);
        long[] words = persons.words();
        if (words[at + KNOWN] > 0) {
            found(auction, seller, (int) words[at + KNOWN] - 1);
            return;
        }
        if (waitingCount == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * waitingCount);
            before = Arrays.copyOf(before, 2 * waitingCount);
        }
        waiting[waitingCount] = auction;
        before[waitingCount] = words[at + WAITING];
        words[at + WAITING] = ++waitingCount;
    }

    private void found(long auction, long person, int textLength) {
        rows++;
        sum += Checksum.localSale(auction, person, textLength);
    }

    @Override
    public Checksum end() {
        return new Checksum(rows, sum);
    }
}
