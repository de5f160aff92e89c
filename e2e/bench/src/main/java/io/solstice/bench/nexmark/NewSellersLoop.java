package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;

/** {@link Query#Q8}. */
final class NewSellersLoop implements QueryLoop {
    private static final long WINDOW = Query.WINDOW.toNanos() / 1_000;
    /** Beside a person's number: the length of the name, plus 1, once the person is known; 1 once something is sold. */
    private static final int KNOWN = 1;

    private static final int SELLS = 2;
    private static final int WIDTH = 4;

    private final LongTable persons = new LongTable(WIDTH);
    private long end;
    private long rows;
    private long sum;

    @Override
    public int[] columns() {
        return SaleColumns.POSITIONS;
    }

    @Override
    public void add(Batch batch) {
        SaleColumns in = SaleColumns.of(batch);
        int row = 0;
        while (row < in.rows()) {
            if (in.times().at(row) >= end) {
                persons.clear();
                end = in.times().at(row) / WINDOW * WINDOW + WINDOW;
            }
            int until = in.times().firstNotBefore(end, row);
            join(in, row, until);
            row = until;
        }
    }

    private void join(SaleColumns in, int from, int until) {
        for (int row = from; row < until; row++) {
            int type = in.type(row);
            if (type == Nexmark.PERSON) {
                int at = persons.at(in.person(row));
                persons.words()[at + KNOWN] = in.nameLength(row) + 1;
                if (persons.words()[at + SELLS] > 0) {
                    found(at);
                }
            } else if (type == Nexmark.AUCTION) {
                int at = persons.at(in.seller(row));
                if (persons.words()[at + SELLS]++ == 0 && persons.words()[at + KNOWN] > 0) {
                    found(at);
                }
            }
        }
    }

    private void found(int at) {
        long[] words = persons.words();
        rows++;
        sum += Checksum.newSeller(end / 1_000, words[at], (int) words[at + KNOWN] - 1);
    }

    @Override
    public Checksum end() {
        return new Checksum(rows, sum);
    }
}
