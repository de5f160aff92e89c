package io.solstice.worker.join;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Rows of one input that there was no room for on the heap, as runs sorted by the hashes of their keys; the rows of one
 * key may be in any number of them. Once there are many runs of one generation they are merged to one of the next, so a
 * row is written a few times and there are few runs. Used by the task's thread.
 */
final class SortedRuns implements AutoCloseable {
    private final JoinSide side;
    private final boolean keepsAll;
    private final BufferAllocator allocator;
    private final RunSizes sizes;
    /** Of falling generations. */
    private final List<SortedRun> runs = new ArrayList<>();

    /** @param keepsAll whether rows come without a partner, too */
    SortedRuns(JoinSide side, boolean keepsAll, BufferAllocator allocator, RunSizes sizes) {
        this.side = side;
        this.keepsAll = keepsAll;
        this.allocator = allocator;
        this.sizes = sizes;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    List<SortedRun> runs() {
        return runs;
    }

    /** Writes the rows of a table, which stays as it is. */
    void add(RowTable table) {
        long[] sorted = table.sortedByHash();
        if (sorted.length == 0) {
            return;
        }
        try (RunWriter writer = new RunWriter(side, keepsAll, allocator, sizes, table.rowBytes())) {
            for (long place : sorted) {
                int row = (int) place;
                table.pick(row, writer.picked());
                writer.added((int) (place >> 32), table.isMatched(row));
            }
            runs.add(writer.end(0, table.names()));
        }
        mergeMany();
    }

    private void mergeMany() {
        while (true) {
            int last = runs.size() - 1;
            int from = last;
            while (from > 0 && runs.get(from - 1).generation() == runs.get(last).generation()) {
                from--;
            }
            List<SortedRun> newest = runs.subList(from, runs.size());
            if (newest.size() < sizes.generation()
                    || newest.stream().mapToLong(SortedRun::size).sum() > RowTable.MOST_ROWS) {
                return;
            }
            SortedRun merged = merged(newest);
            newest.forEach(SortedRun::close);
            newest.clear();
            runs.add(merged);
        }
    }

    /** The next row of a run that is being merged. */
    private static final class Cursor implements Comparable<Cursor> {
        private final SortedRun run;
        private final int number;
        private int row;
        private int hash;

        /** @param number of the run's first batch among those of all runs */
        Cursor(SortedRun run, int number) {
            this.run = run;
            this.number = number;
            this.hash = run.hash(0);
        }

        boolean advance() {
            row++;
            if (row == run.size()) {
                return false;
            }
            hash = run.hash(row);
            return true;
        }

        @Override
        public int compareTo(Cursor other) {
            return Integer.compare(hash, other.hash);
        }
    }

    private SortedRun merged(List<SortedRun> some) {
        PriorityQueue<Cursor> next = new PriorityQueue<>();
        List<Object> names = new ArrayList<>();
        boolean named = true;
        int number = 0;
        long bytes = 0;
        for (SortedRun run : some) {
            next.add(new Cursor(run, number));
            number += run.batchCount();
            bytes += run.rowBytes();
            List<Object> its = run.names();
            named &= its != null;
            names.addAll(its == null ? List.of() : its);
        }
        try (RunWriter writer = new RunWriter(side, keepsAll, allocator, sizes, bytes / some.size())) {
            for (Cursor first = next.poll(); first != null; first = next.poll()) {
                // Mostly the next row of the same run comes much later, unless it is of the same key.
                int hash = first.hash;
                boolean more;
                do {
                    first.run.pick(first.row, first.number, writer.picked());
                    writer.added(hash, first.run.isMatched(first.row));
                    more = first.advance();
                } while (more && first.hash == hash);
                if (more) {
                    next.add(first);
                }
            }
            return writer.end(some.get(0).generation() + 1, named ? names : null);
        }
    }

    void save(SavedRows.Shape shape, Saving into) {
        runs.forEach(run -> run.save(shape, into));
    }

    @Override
    public void close() {
        runs.forEach(SortedRun::close);
        runs.clear();
    }
}
