package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Gives out windows, and counts, where there may be more than one, the results that each key has had for each. */
final class WindowPanes {
    private static final String WINDOW = "window.start";

    private final TallyShape keys;
    private final boolean counting;
    private final Results results;
    private final TreeMap<Long, Given> given = new TreeMap<>();

    /** How many results the keys of a window have had. */
    private static final class Given {
        private final Tally keys;
        private int[] counts = new int[16];

        Given(TallyShape shape) {
            keys = new Tally(shape, 0);
        }

        void grow() {
            if (keys.size() > counts.length) {
                counts = Arrays.copyOf(counts, Math.max(keys.size(), counts.length * 2));
            }
        }
    }

    /** @param counting whether there may be more than one */
    WindowPanes(List<Field> keys, boolean counting, Results results) {
        this.keys = new TallyShape(keys, List.of());
        this.counting = counting;
        this.results = results;
    }

    /** All that a window has, as batches made one by one. */
    Iterator<Batch> batches(long window, long size, Tally sum, boolean late) {
        int count = sum.size();
        int[] picks = TallyShape.sequence(count);
        int[] panes = counting ? next(window, sum, picks) : picks;
        return IntStream.iterate(0, from -> from < count, from -> from + Results.ROWS)
                .mapToObj(from -> {
                    int rows = Math.min(Results.ROWS, count - from);
                    List<FieldVector> keyColumns = sum.keys(picks, from, rows, results.allocator());
                    return results.batch(
                            keyColumns,
                            () -> sum.results(picks, from, rows, results.allocator()),
                            rows,
                            new Results.Panes(row -> window, row -> window + size, row -> panes[from + row], late));
                })
                .iterator();
    }

    private int[] next(long window, Tally sum, int[] picks) {
        Given before = given.computeIfAbsent(window, none -> new Given(keys));
        int[] groups = new int[picks.length];
        before.keys.table().assign(sum.table(), picks, 0, picks.length, groups);
        before.grow();
        for (int i = 0; i < groups.length; i++) {
            groups[i] = before.counts[groups[i]]++;
        }
        return groups;
    }

    /** Forgets windows whose start is so far behind. */
    void forget(long watermark, long distance) {
        while (!given.isEmpty() && given.firstKey() + distance <= watermark) {
            given.pollFirstEntry();
        }
    }

    void save(StateTables saved) {
        given.forEach((window, before) -> saved.add(
                before.keys,
                List.of(
                        new StateTables.Column(WINDOW, row -> window),
                        new StateTables.Column("window.panes", row -> before.counts[row]))));
    }

    void load(Batch table) {
        int first = keys.keys().size();
        BigIntVector windows = (BigIntVector) table.column(first);
        BigIntVector counts = (BigIntVector) table.column(first + 1);
        StateTables.runs(table, first, (from, part) -> {
            Given before = given.computeIfAbsent(windows.get(from), none -> new Given(keys));
            int[] groups = new int[part.rowCount()];
            StateTables.load(before.keys, first, 2, part, groups);
            before.grow();
            for (int i = 0; i < groups.length; i++) {
                before.counts[groups[i]] = (int) counts.get(from + i);
            }
        });
    }
}
