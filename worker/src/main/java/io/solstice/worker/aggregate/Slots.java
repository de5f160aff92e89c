package io.solstice.worker.aggregate;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Aggregates of groups that come and go, whose numbers the owner gives out. Used by one thread. */
public final class Slots {
    private final TallyShape shape;
    private final Accumulator[] accumulators;

    public Slots(TallyShape shape) {
        this.shape = shape;
        this.accumulators = shape.accumulators(true);
    }

    /** Adds rows, of slots below {@code size}. */
    public void add(Lane[] lanes, long[] order, int[] slots, int rows, int size) {
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i].resize(size);
            accumulators[i].add(lanes[i], order, slots, rows);
        }
    }

    /** Moves all that slots have to others, one after the other. */
    public void move(int[] from, int[] to, int count, int size) {
        int[] source = new int[1];
        int[] target = new int[1];
        for (int i = 0; i < count; i++) {
            source[0] = from[i];
            target[0] = to[i];
            for (Accumulator accumulator : accumulators) {
                accumulator.resize(size);
                accumulator.merge(accumulator, source, target, 1);
                accumulator.clear(from[i]);
            }
        }
    }

    /** The slot has nothing any more. */
    public void clear(int slot) {
        for (Accumulator accumulator : accumulators) {
            accumulator.clear(slot);
        }
    }

    /** About how much memory it takes. */
    public long heapBytes() {
        long bytes = 0;
        for (Accumulator accumulator : accumulators) {
            bytes += accumulator.heapBytes();
        }
        return bytes;
    }

    /** See {@link Tally#results}. */
    public List<FieldVector> results(int[] picks, int from, int count, BufferAllocator allocator) {
        return shape.results(accumulators, picks, from, count, allocator);
    }

    /** See {@link Tally#saved}. */
    public List<FieldVector> saved(int[] picks, int from, int count, BufferAllocator allocator) {
        return shape.saved(accumulators, picks, from, count, allocator);
    }

    /** See {@link Tally#load}. */
    public void load(List<FieldVector> saved, int[] slots, int rows, int size) {
        shape.load(accumulators, size, saved, slots, rows);
    }
}
