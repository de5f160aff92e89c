package io.solstice.exchange.batch;

/**
 * Divides the rows before a checkpoint from those after it.
 *
 * @param base the epoch of the newest checkpoint that was canonical when this one was begun, or 0: what was written for
 *     that one may be named again instead of being written again, since it stays until this one is canonical
 */
public record Barrier(long epoch, long base) implements StreamElement {
    /** Of a checkpoint without one before it. */
    public Barrier(long epoch) {
        this(epoch, 0);
    }
}
