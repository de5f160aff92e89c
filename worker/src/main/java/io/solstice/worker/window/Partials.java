package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.AggregateColumn;
import io.solstice.worker.aggregate.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What a sending task has aggregated and not sent yet: a tally for each slice, or one if there are no windows. */
final class Partials {
    private static final int MOST_SPARE = 4;

    private final AggregationPlan plan;
    private final BufferAllocator allocator;
    private final BatchInput input;
    /** Null without windows. */
    private final @Nullable SliceGrid grid;
    /** Whether the times of the rows decide beyond their slices. */
    private final boolean ordered;
    /** The sums that might overflow. */
    private final int[] sums;
    /** By start of the slice. */
    private final TreeMap<Long, Tally> slices = new TreeMap<>();

    private final ArrayDeque<Tally> spare = new ArrayDeque<>();
    private int[] groups = new int[0];
    private long rows;
    /** Bits that the greatest number to be summed needs. */
    private int bits;

    /** Whose values the input has read. */
    private @Nullable Batch read;

    private @Nullable Schema schema;

    Partials(AggregationPlan plan, BufferAllocator allocator) {
        this.plan = plan;
        this.allocator = allocator;
        this.input = new BatchInput(plan);
        this.grid = plan.definition().window() == null
                ? null
                : SliceGrid.of(plan.definition().window());
        List<AggregateColumn> columns = plan.shape().columns();
        this.ordered = columns.stream().anyMatch(AggregateColumn::isOrdered);
        this.sums = java.util.stream.IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).isWholeSum())
                .toArray();
    }

    AggregationPlan plan() {
        return plan;
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /** How many rows are held. */
    long rows() {
        return rows;
    }

    /** How many rows would be sent for them. */
    int size() {
        int size = 0;
        for (Tally tally : slices.values()) {
            size += tally.size();
        }
        return size;
    }

    /**
     * Whether no sum can overflow with these rows as well. A sum that does so here might not where the rest of it is, so
     * it must never come to it.
     */
    boolean canSum(Batch needed) {
        if (sums.length == 0) {
            return true;
        }
        input.readValues(needed);
        read = needed;
        int most = bits;
        for (int sum : sums) {
            most = Math.max(most, input.lanes()[sum].bits(needed.rowCount()));
        }
        if (most + Long.SIZE - Long.numberOfLeadingZeros(rows + needed.rowCount()) >= Long.SIZE) {
            return false;
        }
        bits = most;
        return true;
    }

    /**
     * Adds rows, but not those without a time or for slices of which a window may be over where they go; these are
     * returned.
     *
     * @param reached how far time may have come there
     */
    Selection add(Batch needed, long reached) {
        Selection left = new Selection();
        int count = needed.rowCount();
        groups = groups.length < count ? new int[count] : groups;
        if (grid == null) {
            addTo(0, needed);
            read = null;
            return left;
        }
        boolean timed = input.readTimes(needed);
        long[] times = input.times();
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, times[i]);
            most = Math.max(most, times[i]);
        }
        long start = grid.sliceOf(least);
        if (timed && most - start < grid.slice() && isOpen(grid, start, reached)) {
            addTo(start, needed);
        } else {
            addDivided(grid, needed, timed, reached, left);
        }
        read = null;
        return left;
    }

    /** Whether none of the slice's windows has come to its end. */
    private static boolean isOpen(SliceGrid grid, long start, long reached) {
        return grid.firstWindow(start) + grid.size() > reached;
    }

    private void addDivided(SliceGrid grid, Batch needed, boolean timed, long reached, Selection left) {
        long[] times = input.times();
        Map<Long, Selection> rowsOf = new TreeMap<>();
        Selection current = left;
        long start = 0;
        boolean known = false;
        for (int i = 0; i < needed.rowCount(); i++) {
            if (!timed && !(input.hasTime(i) && input.isWithinReach(i))) {
                left.add(i);
                continue;
            }
            if (!known || times[i] < start || times[i] - start >= grid.slice()) {
                start = grid.sliceOf(times[i]);
                known = true;
                current = isOpen(grid, start, reached) ? rowsOf.computeIfAbsent(start, none -> new Selection()) : left;
            }
            current.add(i);
        }
        rowsOf.forEach((slice, selected) -> {
            try (Batch part = Gather.rows(needed, selected, allocator)) {
                if (ordered) {
                    input.readTimes(part);
                }
                addTo(slice, part);
            }
        });
    }

    private void addTo(long start, Batch part) {
        Tally tally = slices.get(start);
        if (tally == null) {
            Tally there = spare.poll();
            tally = there != null ? there : new Tally(plan.shape(), 0);
            slices.put(start, tally);
        }
        if (part != read) {
            input.readValues(part);
        }
        tally.add(input.keys(part), input.lanes(), input.times(), part.rowCount(), groups);
        rows += part.rowCount();
    }

    /** Whether a slice that is held has a window that ends by then, or results that are not complete are due. */
    boolean isDue(long before, long now) {
        if (grid == null || slices.isEmpty()) {
            return false;
        }
        long early = plan.definition().earlyMicros();
        return !isOpen(grid, slices.firstKey(), now)
                || early > 0 && Math.floorDiv(before, early) < Math.floorDiv(now, early);
    }

    /** Hands on all that is held. */
    void send(Consumer<Batch> onward) {
        List<Batch> tables = new ArrayList<>();
        StateTables saved = new StateTables(tables, allocator);
        try {
            slices.forEach((start, tally) -> saved.add(
                    tally,
                    grid == null ? List.of() : List.of(new StateTables.Column(PartialRows.SLICE, row -> start))));
            saved.end();
        } catch (RuntimeException | Error failure) {
            saved.drop();
            tables.forEach(Batch::close);
            throw failure;
        }
        slices.values().forEach(this::reuse);
        slices.clear();
        rows = 0;
        bits = 0;
        for (Batch table : tables) {
            try (table) {
                onward.accept(table.renamed(marked(table.schema().getFields())));
            }
        }
    }

    private void reuse(Tally sent) {
        if (spare.size() < MOST_SPARE && !sent.table().isTooLarge()) {
            sent.clear();
            spare.add(sent);
        }
    }

    /** One object as long as the columns stay the same, so that it need not be compared. */
    private Schema marked(List<Field> fields) {
        Schema known = schema;
        if (known == null || !known.getFields().equals(fields)) {
            known = PartialRows.schema(fields, plan.columns());
            schema = known;
        }
        return known;
    }
}
