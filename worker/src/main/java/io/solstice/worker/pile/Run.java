package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys with what has been aggregated of some of their rows, each key once, in the order of the keys' parts. Never
 * changes, so that a checkpoint writes it while it is read. Used by the task's thread, but for what it shares.
 */
public final class Run implements AutoCloseable {
    /** In the metadata of a run's table, so that it becomes one again when it is taken back. */
    public static final Map<String, String> MARK = Map.of("solstice.run", "true");

    /** Unlike that of every other run of the operator. */
    final long number;

    /** Runs of one generation have different keys; those of a later one have what came later. */
    private int generation;

    private Batch table;
    /** By which its owner finds rows; in no checkpoint. */
    private @Nullable Batch index;

    private final int firstPart;
    /** Where each part begins, from the first one there is, and the end of the last. */
    private final int[] starts;

    private @Nullable RunPiece piece;
    private boolean replaced;
    private boolean closed;

    /** Takes over the table. */
    Run(long number, int generation, Batch table, int firstPart, int[] starts) {
        this(number, generation, table, null, firstPart, starts);
    }

    private Run(long number, int generation, Batch table, @Nullable Batch index, int firstPart, int[] starts) {
        this.index = index;
        this.number = number;
        this.generation = generation;
        this.table = table;
        this.firstPart = firstPart;
        this.starts = starts;
    }

    /**
     * Rows of which several may have one key. Takes over the table and the index.
     *
     * @param hashes of the rows' keys, in rising order, as numbers without a sign
     */
    public static Run sorted(Piles piles, int generation, Batch table, Batch index, int[] hashes) {
        int[] starts = Parts.startsOf(hashes, table.rowCount());
        return new Run(piles.nextRun(), generation, table, index, Parts.partOf(hashes[0]), starts);
    }

    public int generation() {
        return generation;
    }

    void setGeneration(int other) {
        generation = other;
    }

    /** That it was last written in, or null. */
    @Nullable
    RunPiece piece() {
        return piece;
    }

    void setPiece(RunPiece in) {
        piece = in;
    }

    /** Whether another run has what it had. */
    boolean isReplaced() {
        return replaced;
    }

    void replace() {
        replaced = true;
    }

    boolean isClosed() {
        return closed;
    }

    public Batch table() {
        return table;
    }

    public int rows() {
        return table.rowCount();
    }

    public int firstPart() {
        return firstPart;
    }

    public int endPart() {
        return firstPart + starts.length - 1;
    }

    /** The first row of a part, or of one after it. */
    public int startOf(int part) {
        int at = part - firstPart;
        return at <= 0 ? 0 : starts[Math.min(at, starts.length - 1)];
    }

    /** About how much it takes as a table that rows are added to. */
    public long heapBytes() {
        return table.byteSize() * 3 + 48L * rows();
    }

    /** What its owner gave it to find rows by. */
    public Batch index() {
        return Objects.requireNonNull(index, "the run has no index");
    }

    List<Batch> batches() {
        Batch beside = index;
        return beside == null ? List.of(table) : List.of(table, beside);
    }

    long byteSize() {
        return batches().stream().mapToLong(Batch::byteSize).sum();
    }

    /** Takes over the same rows in a file. */
    void moveTo(List<Batch> copies) {
        batches().forEach(Batch::close);
        table = copies.get(0);
        index = copies.size() > 1 ? copies.get(1) : null;
    }

    @Override
    public void close() {
        closed = true;
        batches().forEach(Batch::close);
    }
}
