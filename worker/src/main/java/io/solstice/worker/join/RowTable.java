package io.solstice.worker.join;

import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Compaction;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input, found by key. They lie in the batches in which they came; rows of one key are a chain of numbers.
 * Each has a moment, by which it is let go, and whether it has met a partner. Small batches are put together as more
 * come, and when more rows are gone than are there, those that are left are moved together. Used by the task's thread.
 */
final class RowTable implements NumberedRows, AutoCloseable {
    static final int NONE = -1;

    private static final int LEAST_GONE = 256;
    private static final long PART_BYTES = 512 << 10;
    private static final int FEW_ROWS = 256;
    private static final int MANY_PARTS = 16;
    static final int MOST_ROWS = Integer.MAX_VALUE - 16;

    private final JoinSide side;
    /** Whether rows that can meet nobody are kept, since they come without a partner. */
    private final boolean keepsAll;

    private final BufferAllocator allocator;
    private final Overflow overflow;
    private GroupTable keys;
    /** By group, the row that came last. */
    private int[] heads = new int[16];
    /** By row: the one of its key that came before. */
    private int[] nexts = new int[16];
    /** By row: the number of its part, or {@link #NONE} once it is gone. */
    private int[] partOf = new int[16];

    private long[] moments = new long[16];
    private boolean[] matched = new boolean[16];
    private int size;
    private int live;
    private List<RowPart> parts = new ArrayList<>();
    /** Those that are being moved together. */
    private List<RowPart> former = List.of();

    private int[] groups = new int[0];
    private final RowPieces pieces = new RowPieces();

    RowTable(JoinSide side, boolean keepsAll, BufferAllocator allocator) {
        this.side = side;
        this.keepsAll = keepsAll;
        this.allocator = allocator;
        this.overflow = new Overflow(allocator);
        this.keys = GroupTable.of(side.keyFields(), 0);
    }

    /** About how many bytes a row has. */
    long rowBytes() {
        return RowPart.rowBytes(parts);
    }

    /** About how much of the heap it takes. */
    long heapBytes() {
        return keys.heapBytes() + 4L * heads.length + 17L * nexts.length;
    }

    /**
     * The rows in the order of their keys' hashes, which are the same in every process.
     *
     * @return of each the hash in the upper half, and its number in the lower
     */
    long[] sortedByHash() {
        return RowPart.sortedByHash(parts, side, live, this::isThere);
    }

    /**
     * Takes over the rows and numbers them.
     *
     * @return the number of the first
     */
    int add(Batch batch, long[] momentsOf, boolean[] matchedOf) {
        int gone = size - live;
        if (gone > LEAST_GONE && gone > live) {
            moveTogether();
        }
        return append(Compaction.of(batch, allocator), momentsOf, matchedOf);
    }

    private int append(Batch batch, long[] momentsOf, boolean[] matchedOf) {
        RowPart part = new RowPart(batch, size);
        parts.add(part);
        int rows = batch.rowCount();
        room(rows);
        groups = groups.length < rows ? new int[rows] : groups;
        keys.assign(side.keys(batch), rows, groups);
        if (heads.length < keys.size()) {
            int known = heads.length;
            heads = Arrays.copyOf(heads, Math.max(keys.size(), known * 2));
            Arrays.fill(heads, known, heads.length, NONE);
        }
        if (size == 0) {
            Arrays.fill(heads, NONE);
        }
        side.leaveOutNulls(batch, groups);
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < rows; i++) {
            int row = size++;
            int group = groups[i];
            moments[row] = momentsOf[i];
            matched[row] = matchedOf[i];
            nexts[row] = NONE;
            earliest = Math.min(earliest, momentsOf[i]);
            if (group >= 0) {
                nexts[row] = heads[group];
                heads[group] = row;
            } else if (!keepsAll) {
                partOf[row] = NONE;
                part.live--;
                continue;
            }
            partOf[row] = parts.size() - 1;
            live++;
        }
        part.earliest = earliest;
        int first = part.first;
        if (part.live == 0) {
            part.close();
        } else {
            joinSmall();
        }
        if (overflow.isTight()) {
            // The last part may grow.
            RowPart.move(parts.subList(0, parts.size() - 1), overflow);
        }
        return first;
    }

    /**
     * Puts the last parts together once there are many small ones, first to parts of some hundred rows, then to whole
     * ones, so that a row is copied a few times and there are few parts. Wide rows are enough by themselves. Rows keep
     * their numbers: one that is gone leaves a row of nulls.
     */
    private void joinSmall() {
        joinSmallerThan(FEW_ROWS);
        joinSmallerThan(JoinedRows.ROWS / 2);
    }

    private void joinSmallerThan(int few) {
        int from = parts.size();
        long rows = 0;
        while (from > 0) {
            RowPart before = parts.get(from - 1);
            if (!before.open || before.inFile || before.rows() >= few || before.bytes() >= PART_BYTES) {
                break;
            }
            from--;
            rows += before.rows();
        }
        int count = parts.size() - from;
        if (count >= MANY_PARTS || (rows >= few && count > 1)) {
            joinFrom(from);
        }
    }

    private void joinFrom(int from) {
        List<RowPart> small = parts.subList(from, parts.size());
        PickedRows picked = new PickedRows();
        int first = small.get(0).first;
        int live = 0;
        long earliest = Long.MAX_VALUE;
        for (RowPart part : small) {
            for (int i = 0; i < part.rows(); i++) {
                if (partOf[part.first + i] == NONE) {
                    picked.addMissing();
                } else {
                    picked.add(partOf[part.first + i], part.batch, i);
                }
            }
            live += part.live;
            earliest = Math.min(earliest, part.earliest);
        }
        RowPart joined = new RowPart(gathered(picked), first);
        joined.live = live;
        joined.earliest = earliest;
        small.forEach(RowPart::close);
        small.clear();
        parts.add(joined);
        for (int row = first; row < size; row++) {
            partOf[row] = partOf[row] == NONE ? NONE : from;
        }
    }

    private void room(int more) {
        if (size > MOST_ROWS - more) {
            throw ErrorCode.MEMORY_LIMIT
                    .error("one task of a join keeps more than two thousand million rows of '" + side.name() + "'")
                    .help("give the stage more tasks, or keep rows for a shorter time")
                    .toException();
        }
        if (nexts.length < size + more) {
            int length = (int) Math.min(MOST_ROWS, Math.max(size + more, nexts.length * 2L));
            nexts = Arrays.copyOf(nexts, length);
            partOf = Arrays.copyOf(partOf, length);
            moments = Arrays.copyOf(moments, length);
            matched = Arrays.copyOf(matched, length);
        }
    }

    /** The group of each row of the other input, or -1 for those that meet nobody. */
    void find(JoinSide other, Batch batch, int[] found) {
        keys.find(other.keys(batch), batch.rowCount(), found);
        other.leaveOutNulls(batch, found);
    }

    /** The row of a group that came last, or {@link #NONE}. */
    int first(int group) {
        return present(heads[group]);
    }

    /** The row of the same key that came before. */
    int next(int row) {
        return present(nexts[row]);
    }

    private int present(int from) {
        int row = from;
        while (row != NONE && partOf[row] == NONE) {
            row = nexts[row];
        }
        return row;
    }

    long moment(int row) {
        return moments[row];
    }

    boolean isMatched(int row) {
        return matched[row];
    }

    void match(int row) {
        matched[row] = true;
    }

    void pick(int row, PickedRows into) {
        RowPart part = parts.get(partOf[row]);
        into.add(partOf[row], part.batch, row - part.first);
    }

    /** Rows whose moments are before this one. */
    int[] before(long moment) {
        int[] found = new int[16];
        int count = 0;
        for (RowPart part : parts) {
            if (part.live == 0 || part.earliest >= moment) {
                continue;
            }
            long earliest = Long.MAX_VALUE;
            for (int row = part.first; row < part.first + part.rows(); row++) {
                if (partOf[row] == NONE) {
                    continue;
                }
                if (moments[row] < moment) {
                    found = count == found.length ? Arrays.copyOf(found, count * 2) : found;
                    found[count++] = row;
                } else {
                    earliest = Math.min(earliest, moments[row]);
                }
            }
            part.earliest = earliest;
        }
        return Arrays.copyOf(found, count);
    }

    /** The earliest moment of any row; {@link Long#MAX_VALUE} if there is none. */
    long earliest() {
        return RowPart.earliest(parts);
    }

    void remove(int row) {
        RowPart part = parts.get(partOf[row]);
        partOf[row] = NONE;
        live--;
        if (--part.live == 0) {
            part.close();
        }
    }

    private void moveTogether() {
        int rows = size;
        int[] wasPartOf = partOf;
        long[] wasMoments = moments;
        boolean[] wasMatched = matched;
        pieces.renumber(size, row -> wasPartOf[row] != NONE);
        former = parts;
        parts = new ArrayList<>();
        keys = GroupTable.of(side.keyFields(), Math.min(keys.size(), live));
        heads = new int[16];
        partOf = new int[Math.max(16, live)];
        nexts = new int[partOf.length];
        moments = new long[partOf.length];
        matched = new boolean[partOf.length];
        size = 0;
        live = 0;
        PickedRows picked = new PickedRows();
        long[] momentsOf = new long[JoinedRows.ROWS];
        boolean[] matchedOf = new boolean[JoinedRows.ROWS];
        long bytes = former.stream().mapToLong(RowPart::bytes).sum();
        int most = JoinedRows.rowsPerBatch(bytes / Math.max(1, rows));
        for (int row = 0; row < rows; row++) {
            if (wasPartOf[row] == NONE) {
                continue;
            }
            RowPart part = former.get(wasPartOf[row]);
            momentsOf[picked.count()] = wasMoments[row];
            matchedOf[picked.count()] = wasMatched[row];
            picked.add(wasPartOf[row], part.batch, row - part.first);
            if (picked.count() == most) {
                append(gathered(picked), momentsOf, matchedOf);
                picked.clear();
            }
        }
        if (picked.count() > 0) {
            append(gathered(picked), momentsOf, matchedOf);
        }
        former.forEach(RowPart::close);
        former = List.of();
    }

    private Batch gathered(PickedRows picked) {
        return picked.rows(side.schema().getFields(), allocator);
    }

    /**
     * Adds all rows to a checkpoint. What is written of rows that are kept until they have met a partner is not named
     * again: who has, and which are gone, would have to be known.
     */
    void save(SavedRows.Shape shape, Saving into) {
        if (keepsAll) {
            SavedRows saved = new SavedRows(shape, table -> into.add(null, table));
            for (int row = 0; row < size; row++) {
                if (isThere(row)) {
                    save(row, saved);
                }
            }
            saved.end();
        } else {
            pieces.save(this, shape, into);
        }
    }

    /** Names of tables of a checkpoint that have all rows; null if some are in none, or it matters who has met whom. */
    @Nullable
    List<Object> names() {
        return keepsAll ? null : pieces.names(size);
    }

    /** Takes back a table. @return its name; null if it is not named again */
    @Nullable
    Object load(SavedRows.Loaded loaded) {
        int rows = loaded.rows().rowCount();
        int first = add(loaded.rows(), loaded.moments(), loaded.matched());
        return keepsAll ? null : pieces.loaded(first, first + rows);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isThere(int row) {
        return partOf[row] != NONE;
    }

    @Override
    public int count(int from, int to) {
        return RowPart.count(parts, from, to, this::isThere);
    }

    @Override
    public void save(int row, SavedRows into) {
        RowPart part = parts.get(partOf[row]);
        into.add(part.batch, row - part.first, moments[row], matched[row]);
    }

    @Override
    public void close() {
        parts.forEach(RowPart::close);
        former.forEach(RowPart::close);
    }
}
