package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.KeyHash;
import io.solstice.spi.TwoInputs;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Left rows meet the right ones that are in runs: of these the ones whose hashes the left rows have come to memory, some
 * thousand at a time, and are met there. Used by the task's thread.
 */
final class RunProbe implements Iterator<Batch>, AutoCloseable {
    private static final long MEET_BYTES = 8L << 20;

    private final JoinPlan plan;
    private final JoinedRows out;
    private final Batch rows;
    private final List<SortedRun> runs;
    private final int most;
    private final int mostAlone;
    /** Of the left rows' keys, each once, in rising order. */
    private final int[] hashes;

    private final BitSet met = new BitSet();
    private int run;
    private int hash;
    /** Rows of the current run before this one have met all whom they can. */
    private int from;

    private @Nullable Portion portion;
    private int alone;
    private boolean closed;

    /** @param rows of the left, taken over */
    RunProbe(JoinPlan plan, JoinedRows out, Batch rows, List<SortedRun> runs, RunSizes sizes) {
        this.plan = plan;
        this.out = out;
        this.rows = rows;
        this.runs = runs;
        long rowBytes = runs.stream().mapToLong(SortedRun::rowBytes).max().orElse(1);
        this.most = (int) Math.max(1, Math.min(sizes.meetRows(), MEET_BYTES / Math.max(1, rowBytes)));
        this.mostAlone = JoinedRows.rowsPerBatch(rows.byteSize() / Math.max(1, rows.rowCount()));
        try {
            this.hashes = hashes(plan.left(), rows);
        } catch (RuntimeException | Error failure) {
            rows.close();
            throw failure;
        }
    }

    /** The hashes of the rows in whose keys nothing is null, each once, in rising order. */
    private static int[] hashes(JoinSide side, Batch batch) {
        int rows = batch.rowCount();
        long[] all = new long[rows];
        KeyHash.hash(side.keys(batch), rows, all);
        int[] groups = new int[rows];
        side.leaveOutNulls(batch, groups);
        int[] hashes = new int[rows];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            if (groups[row] >= 0) {
                hashes[count++] = (int) all[row];
            }
        }
        return Arrays.stream(hashes, 0, count).sorted().distinct().toArray();
    }

    /** Right rows in memory, and where they are from. */
    private static final class Portion implements AutoCloseable {
        private final List<SortedRun> runs;
        private final RowTable table;
        private final int[] runOf;
        private final int[] rowOf;
        private final Probe probe;

        Portion(RunProbe whole, PickedRows picked, int[] runOf, int[] rowOf) {
            BufferAllocator allocator = whole.out.allocator();
            JoinSide side = whole.plan.right();
            int count = picked.count();
            this.runs = whole.runs;
            this.runOf = runOf;
            this.rowOf = rowOf;
            table = new RowTable(side, false, allocator);
            try {
                table.add(picked.rows(side.schema().getFields(), allocator), new long[count], new boolean[count]);
                probe = new Probe(whole.plan, whole.out, TwoInputs.LEFT, whole.rows.share(), table, false, 0)
                        .noting(whole.met::set);
            } catch (RuntimeException | Error failure) {
                table.close();
                throw failure;
            }
        }

        /** Says in the runs who has met a partner. */
        void end() {
            for (int row = 0; row < table.size(); row++) {
                if (table.isMatched(row)) {
                    runs.get(runOf[row]).match(rowOf[row]);
                }
            }
            close();
        }

        @Override
        public void close() {
            probe.close();
            table.close();
        }
    }

    @Override
    public boolean hasNext() {
        while (!closed) {
            Portion current = portion;
            if (current != null) {
                if (current.probe.hasNext()) {
                    return true;
                }
                portion = null;
                current.end();
            }
            if (run < runs.size()) {
                portion = nextPortion();
            } else if (plan.keeps(TwoInputs.LEFT) && pickThoseAlone()) {
                return true;
            } else {
                close();
            }
        }
        return false;
    }

    private @Nullable Portion nextPortion() {
        PickedRows picked = new PickedRows();
        int[] runOf = new int[Math.min(most, 2 * hashes.length)];
        int[] rowOf = new int[runOf.length];
        int number = 0;
        while (run < runs.size() && picked.count() < most) {
            SortedRun sorted = runs.get(run);
            while (hash < hashes.length && picked.count() < most) {
                int row = sorted.lowerBound(hashes[hash], from);
                while (row < sorted.size() && picked.count() < most && sorted.hash(row) == hashes[hash]) {
                    if (picked.count() == runOf.length) {
                        runOf = Arrays.copyOf(runOf, Math.min(most, 2 * runOf.length));
                        rowOf = Arrays.copyOf(rowOf, runOf.length);
                    }
                    runOf[picked.count()] = run;
                    rowOf[picked.count()] = row;
                    sorted.pick(row++, number, picked);
                }
                from = row;
                hash += row == sorted.size() || sorted.hash(row) != hashes[hash] ? 1 : 0;
            }
            if (hash == hashes.length) {
                number += sorted.batchCount();
                hash = 0;
                from = 0;
                run++;
            }
        }
        return picked.count() == 0 ? null : new Portion(this, picked, runOf, rowOf);
    }

    private boolean pickThoseAlone() {
        while (alone < rows.rowCount() && out.count() < mostAlone) {
            if (!met.get(alone)) {
                out.of(TwoInputs.LEFT).add(0, rows, alone);
                out.of(TwoInputs.RIGHT).addMissing();
            }
            alone++;
        }
        return out.count() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return out.take(0);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (portion != null) {
                portion.close();
            }
            rows.close();
        }
    }
}
