package io.solstice.worker.window;

import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Aggregates;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.AggregateColumn;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.pile.Pile;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import io.solstice.worker.pile.Tag;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Gives out windows, and counts, where there may be more than one, the results that each key has had for each. */
final class WindowPanes {
    private static final String WINDOW = "window.start";

    private final TallyShape shape;
    private final boolean counting;
    private final Results results;
    private final Piles piles;
    /** How many results each key has had, by window. */
    private final TreeMap<Long, Pile> given = new TreeMap<>();

    private int[] groups = new int[0];

    /** @param counting whether there may be more than one */
    WindowPanes(List<Field> keys, boolean counting, Results results, Piles piles) {
        Aggregate count = Aggregates.count().as("window.panes");
        this.shape = new TallyShape(keys, List.of(AggregateColumn.of(count, new Schema(List.of()))));
        this.counting = counting;
        this.results = results;
        this.piles = piles;
    }

    /** All that a window has, as batches made one by one. */
    Iterator<Batch> batches(long window, long size, Tally sum, boolean late) {
        int count = sum.size();
        int[] picks = TallyShape.sequence(count);
        long[] panes = counting ? next(window, sum, picks) : new long[0];
        return IntStream.iterate(0, from -> from < count, from -> from + Results.ROWS)
                .mapToObj(from -> {
                    int rows = Math.min(Results.ROWS, count - from);
                    List<FieldVector> keyColumns = sum.keys(picks, from, rows, results.allocator());
                    return results.batch(
                            keyColumns,
                            () -> sum.results(picks, from, rows, results.allocator()),
                            rows,
                            new Results.Panes(
                                    row -> window,
                                    row -> window + size,
                                    row -> counting ? panes[from + row] : 0,
                                    late));
                })
                .iterator();
    }

    private long[] next(long window, Tally sum, int[] picks) {
        Pile before = pileOf(window);
        long[] counts = new long[picks.length];
        groups = groups.length < picks.length ? new int[picks.length] : groups;
        before.live().count(sum.table(), picks, picks.length, groups, counts);
        before.changed();
        if (!before.isPlain()) {
            Tally older = Tally.ofKeys(shape, sum.table());
            before.mergeRunsOfSome(sum.table(), older);
            older.addCounts(counts);
        }
        return counts;
    }

    private Pile pileOf(long window) {
        return given.computeIfAbsent(window, none -> new Pile(piles, shape, new Tag(WINDOW, window, true)));
    }

    /** Forgets windows whose start is so far behind. */
    void forget(long watermark, long distance) {
        while (!given.isEmpty() && given.firstKey() + distance <= watermark) {
            given.pollFirstEntry().getValue().close();
        }
    }

    void addPiles(List<RunOwner> to) {
        to.addAll(given.values());
    }

    void save(StateTables saved) {
        given.forEach((window, before) -> Slices.add(saved, WINDOW, window, before));
    }

    /** See {@link Kept#load}. */
    List<Run> load(Batch table, LongPredicate isOver) {
        return Slices.load(table, shape.keys().size(), (window, rows) -> isOver.test(window) ? null : pileOf(window));
    }
}
