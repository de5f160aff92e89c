package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;

/**
 * A query as a programmer would write it without an engine: one loop over the columns, no result kept. It gets all
 * events in order. Used by one thread.
 */
interface QueryLoop {
    static QueryLoop of(Query query) {
        return switch (query) {
            case Q0, Q1, Q2 -> new StatelessLoop(query);
            case Q3 -> new LocalSalesLoop();
            case Q8 -> new NewSellersLoop();
            case Q5 -> new HotItemsLoop();
            case Q7 -> new HighestBidLoop();
            case Q11 -> new SessionsLoop();
        };
    }

    /** The positions of the columns that it reads, and of no more than a few others. */
    int[] columns();

    /** The next events; the batch stays the caller's. */
    void add(Batch batch);

    /** There are no more events. What all came to. */
    Checksum end();
}
