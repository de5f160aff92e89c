package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.overflow.HeapShare;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * All piles of an operator. When the tables that rows are added to take too much of the heap, the greatest of them
 * become runs, and when too much of the memory for Arrow buffers is taken, runs move to files. Used by the task's
 * thread.
 */
public final class Piles implements AutoCloseable {
    private final BufferAllocator memory;
    private final Overflow overflow;
    private final HeapShare heap;
    private final Sizes sizes;
    private final Set<RunOwner> all = new LinkedHashSet<>();
    /** Those not in files that could be there. */
    private final Set<Run> inMemory = new LinkedHashSet<>();

    private long inMemoryBytes;
    private long heapBytes;
    private long lastRun;

    /**
     * When what is done.
     *
     * @param pieceRows a table with as many becomes a run at a cut
     * @param restingRows a table with as many that has not changed between two cuts becomes a run
     * @param runRows a run has no more
     * @param runBytes about as much a run has at most
     * @param generations runs of so many are merged
     * @param partBytes about as much a part may take when runs are merged
     * @param leastBytes the tables of an operator are not made runs of while they take less
     * @param always whether each change makes runs: for tests
     * @param files whether all of them go to files: for tests
     */
    public record Sizes(
            int pieceRows,
            int restingRows,
            int runRows,
            long runBytes,
            int generations,
            long partBytes,
            long leastBytes,
            boolean always,
            boolean files) {
        public static final Sizes USUAL =
                new Sizes(1 << 16, 64, 1 << 18, 8L << 20, 8, 4L << 20, 1L << 20, false, false);
    }

    /** @param memory of the task */
    public Piles(BufferAllocator memory, Sizes sizes) {
        this.memory = memory;
        this.overflow = new Overflow(memory);
        this.heap = HeapShare.of(memory);
        this.sizes = sizes;
    }

    public BufferAllocator memory() {
        return memory;
    }

    public Sizes sizes() {
        return sizes;
    }

    public void add(RunOwner pile) {
        all.add(pile);
    }

    public void remove(RunOwner pile) {
        all.remove(pile);
    }

    public void addHeap(long bytes) {
        heapBytes += bytes;
        heap.add(bytes);
    }

    long nextRun() {
        return ++lastRun;
    }

    /** Whether what is not needed should be let go of. */
    public boolean isTight() {
        return heap.isTight() || sizes.always();
    }

    public void added(Run run) {
        inMemory.add(run);
        inMemoryBytes += run.byteSize();
        if (inMemoryBytes >= Math.max(runBytes(), Overflow.LEAST_BYTES)) {
            moveRuns();
        }
    }

    /** Nobody needs the run any more. */
    public void drop(Run run) {
        if (inMemory.remove(run)) {
            inMemoryBytes -= run.byteSize();
        }
        run.close();
    }

    /** Other runs have what this one had. */
    public void replaced(Run run) {
        run.replace();
        drop(run);
    }

    /** As much a run has at most, about. */
    public long runBytes() {
        return Math.min(sizes.runBytes(), memory.getRoot().getLimit() / 16);
    }

    /** As much of the heap the part of what is merged takes at most, about. */
    public long partBytes() {
        return Math.min(sizes.partBytes(), heap.limit() / 16);
    }

    private void moveRuns() {
        boolean worthIt = inMemoryBytes >= Overflow.LEAST_BYTES && overflow.isTight();
        if (inMemory.isEmpty() || !worthIt && !sizes.files()) {
            return;
        }
        List<Run> moving = List.copyOf(inMemory);
        List<Batch> copies = overflow.copies(
                moving.stream().flatMap(run -> run.batches().stream()).toList());
        int from = 0;
        for (Run run : moving) {
            int to = from + run.batches().size();
            run.moveTo(copies.subList(from, to));
            from = to;
        }
        inMemory.clear();
        inMemoryBytes = 0;
    }

    /** Makes room if there is little left. To be called after each change. */
    public void makeRoom() {
        if (isTight() && heapBytes >= sizes.leastBytes()) {
            long goal = heapBytes / 4;
            List<RunOwner> greatest = new ArrayList<>(all);
            greatest.sort(Comparator.comparingLong(RunOwner::liveBytes).reversed());
            for (RunOwner pile : greatest) {
                if (heapBytes <= goal && !sizes.always()) {
                    break;
                }
                pile.freeze();
            }
        }
        if (!inMemory.isEmpty()) {
            moveRuns();
        }
    }

    /** Before a cut: what is large, or rests, becomes runs. */
    public void settle() {
        List.copyOf(all).forEach(RunOwner::settle);
    }

    /** More of the heap no part takes, about. */
    long mostPartBytes() {
        return Math.max(partBytes(), heap.limit() / 4);
    }

    @Override
    public void close() {
        List.copyOf(all).forEach(RunOwner::close);
    }
}
