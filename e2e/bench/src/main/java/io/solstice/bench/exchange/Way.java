package io.solstice.bench.exchange;

import io.solstice.exchange.batch.Batch;
import java.util.List;

/** One way to send batches to the receiver's process. */
interface Way {
    /** The name that the receiver knows it by. */
    String name();

    /** How many channels of the exchange the receiver must open, 0 if it listens anyway. */
    default int channels() {
        return 0;
    }

    /**
     * Sends the batches over and over, and the end.
     *
     * @param stream a new number for each call
     * @param batches stay the caller's
     */
    void send(long stream, List<Batch> batches, int count) throws Exception;
}
