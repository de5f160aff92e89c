package io.solstice.exchange.batch;

/** What travels between tasks, in order: rows, and the signals between them. */
public sealed interface StreamElement permits Batch, Watermark, Idle, Barrier, EndOfSide, EndOfInput {
    /** The memory that the element keeps alive; signals are free. */
    default long byteSize() {
        return 0;
    }

    /** Gives back what the element holds when it is dropped instead of delivered. */
    default void discard() {}
}
