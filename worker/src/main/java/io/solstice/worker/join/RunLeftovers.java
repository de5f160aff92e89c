package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.TwoInputs;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The right rows of runs that have met nobody; then the runs are let go. */
final class RunLeftovers implements Iterator<Batch> {
    private final JoinedRows out;
    private final SortedRuns runs;
    private final int most;
    private int run;
    private int row;

    RunLeftovers(JoinedRows out, SortedRuns runs) {
        this.out = out;
        this.runs = runs;
        this.most = JoinedRows.rowsPerBatch(
                runs.runs().stream().mapToLong(SortedRun::rowBytes).max().orElse(1));
    }

    @Override
    public boolean hasNext() {
        PickedRows rights = out.of(TwoInputs.RIGHT);
        while (rights.count() == 0 && run < runs.runs().size()) {
            SortedRun sorted = runs.runs().get(run);
            while (row < sorted.size() && rights.count() < most) {
                if (!sorted.isMatched(row)) {
                    sorted.pick(row, 0, rights);
                    out.of(TwoInputs.LEFT).addMissing();
                }
                row++;
            }
            if (row == sorted.size()) {
                row = 0;
                run++;
            }
        }
        if (rights.count() == 0) {
            runs.close();
        }
        return rights.count() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return out.take(0);
    }
}
