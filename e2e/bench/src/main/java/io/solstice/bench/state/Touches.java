package io.solstice.bench.state;

import io.solstice.api.state.RowOutput;
import io.solstice.common.error.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the tasks of one job in this process have done, for whoever watches it. */
final class Touches implements Witness {
    private final LongAdder fresh = new LongAdder();
    private final LongAdder known = new LongAdder();
    private final AtomicInteger operators = new AtomicInteger();
    /** Operators up to this one are those of tasks that fail. */
    private final AtomicInteger failing = new AtomicInteger();

    private volatile boolean fails;
    private volatile boolean recovered;

    @Override
    public int opened() {
        return operators.incrementAndGet();
    }

    @Override
    public void touched(int operator, boolean first, RowOutput out) {
        if (!recovered && failing.get() > 0) {
            tell(operator);
        }
        (first ? fresh : known).increment();
    }

    private void tell(int operator) {
        if (operator > failing.get()) {
            recovered = true;
        } else if (fails) {
            fails = false;
            // What may pass, so that the job begins again; a failure of the function itself would end it.
            throw ErrorCode.IO_FAILED.error("told to fail").toException();
        }
    }

    /** The next row that is handled makes its task fail. */
    void failOnce() {
        failing.set(operators.get());
        fails = true;
        // Last, since only then rows are looked at again.
        recovered = false;
    }

    /** Whether the task that was told to fail has done so. */
    boolean hasFailed() {
        return !fails;
    }

    /** Whether a task has handled a row that began after that. */
    boolean hasRecovered() {
        return recovered;
    }

    /** Rows of keys of which nothing was kept. */
    long fresh() {
        return fresh.sum();
    }

    /** Rows of keys that were known. */
    long known() {
        return known.sum();
    }
}
