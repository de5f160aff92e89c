package io.solstice.worker.userstate;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.StateStore;
import io.solstice.common.protocol.StateUse;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * State as rows of {@link Runs}, from where it is read again when it is needed. So a large state is a few large columns,
 * not many small objects, it is loaded without being looked at row by row, and a checkpoint writes the runs as they are.
 *
 * <p>The idea is that of the log-structured stores, with a hash table of all keys in the place of a search in each run.
 */
final class ColumnTable extends KeyTable {
    private static final int FIRST_ROWS = 1 << 10;

    private final Runs runs;
    private final boolean mayMove;
    private double rowBytes;
    private @Nullable Overflow overflow;

    /** @param mayMove whether runs may move to files when memory is short */
    ColumnTable(KeyedStateTables tables, Sizes sizes, boolean mayMove) {
        super(tables, sizes);
        this.runs = new Runs(tables, sizes);
        this.mayMove = mayMove;
    }

    @Override
    StateUse use() {
        return StateUse.of(mayMove ? StateStore.AUTO : StateStore.MEMORY);
    }

    Runs runs() {
        return runs;
    }

    @Override
    @Nullable
    Kept read(int key) {
        return runs.read(key);
    }

    @Override
    boolean has(int key) {
        return runs.has(key);
    }

    @Override
    boolean mentions(int key) {
        return runs.mentions(key);
    }

    @Override
    long mentioned() {
        return runs.live();
    }

    @Override
    void room(int keys) {
        runs.room(keys);
    }

    @Override
    double rowBytes() {
        return rowBytes;
    }

    @Override
    void write(int[] changed, @Nullable Kept[] content, int count, BufferAllocator allocator) {
        try {
            write(changed, content, count, tables.nowMillis(), allocator);
        } catch (OutOfMemoryException full) {
            if (mayMove) {
                throw full;
            }
            throw ErrorCode.MEMORY_LIMIT
                    .error("state by key needs more memory than there is")
                    .where("state.backend: memory")
                    .cause(String.valueOf(full.getMessage()))
                    .help("choose state.backend: auto or rocksdb, give the stage more tasks, or raise the memory limit")
                    .toException(full);
        }
    }

    @Override
    void written(int count, BufferAllocator allocator) {
        runs.tidy(this::write, allocator);
        makeRoom(allocator);
    }

    private void makeRoom(BufferAllocator allocator) {
        if (!mayMove) {
            return;
        }
        Overflow known = overflow;
        if (known == null) {
            known = new Overflow(allocator);
            overflow = known;
        }
        runs.makeRoom(known);
    }

    /** Some keys with what is kept for them, as new runs. */
    private void write(int[] some, @Nullable Kept[] content, int count, long newestMillis, BufferAllocator allocator) {
        int written = 0;
        while (written < count) {
            int rows = Math.min(count - written, rowsAtOnce());
            Batch table = tables.write(keys(), some, content, written, rows, allocator);
            rowBytes = (double) table.byteSize() / rows;
            runs.add(table, Arrays.copyOfRange(some, written, written + rows), newestMillis);
            written += rows;
        }
    }

    private int rowsAtOnce() {
        return rowBytes == 0
                ? Math.min(FIRST_ROWS, sizes.runRows())
                : (int) Math.max(1, Math.min(sizes.runRows(), sizes.runBytes() / rowBytes));
    }

    @Override
    Object take(Batch table, BufferAllocator allocator) {
        int[] own = Arrays.copyOf(numbers(table), table.rowCount());
        long run = runs.add(table.share(), own, tables.nowMillis());
        makeRoom(allocator);
        return run;
    }

    @Override
    void forEachKeptMoment(boolean clock, MomentSink sink) {
        runs.forEachMoment(clock, key -> !isUsed(key), sink);
    }

    @Override
    void renumber(int[] renumbered, int[] old, int count, int room) {
        runs.renumber(renumbered, old, count, room);
    }

    @Override
    List<Part> parts(Predicate<Object> isStored, BufferAllocator allocator) {
        List<Part> parts = new ArrayList<>();
        for (Run run : runs.all()) {
            parts.add(new Part(
                    run.number, isStored.test(run.number) ? null : run.table().share()));
        }
        return parts;
    }

    @Override
    @Nullable
    Batch inMemory(Object name) {
        for (Run run : runs.all()) {
            if (name.equals(run.number) && !run.isInFile()) {
                return run.table();
            }
        }
        return null;
    }

    @Override
    public void close() {
        runs.close();
        super.close();
    }
}
