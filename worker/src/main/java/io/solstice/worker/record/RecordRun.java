package io.solstice.worker.record;

import io.solstice.exchange.batch.Selection;
import java.util.Optional;

/** Runs a generated loop over a whole batch, going on behind rows that fail. */
final class RecordRun {
    private RecordRun() {}

    /** The rows that did not fail, or nothing if none did. Stops with what the callback throws. */
    static Optional<Selection> over(
            RecordLoop loop, InputColumns in, long[] out, Object[] sinks, int rows, RecordFailures failures) {
        Selection good = new Selection();
        int from = 0;
        while (true) {
            try {
                if (in.haveNulls()) {
                    loop.sparse(in.addresses, in.readers, out, sinks, from, rows);
                } else {
                    loop.dense(in.addresses, in.readers, out, sinks, from, rows);
                }
                break;
            } catch (OutOfMemoryError | InternalError broken) {
                throw broken;
            } catch (Throwable failure) {
                int failed = loop.row;
                failures.failed(failed, failure);
                if (failed > from) {
                    good.addRun(from, failed - from);
                }
                from = failed + 1;
            }
        }
        if (from == 0) {
            return Optional.empty();
        }
        if (rows > from) {
            good.addRun(from, rows - from);
        }
        return Optional.of(good);
    }
}
