package io.solstice.worker.expression;

/**
 * A generated loop over the rows of a batch. {@code addresses} holds where to write values and validity bits, then
 * three for each input: values, offsets, validity bits; what an input does not have is 0. Of views the offsets are the
 * addresses of their buffers.
 */
abstract class Loop {
    static final int OUT_VALUES = 0;
    static final int OUT_VALIDITY = 1;
    static final int FIRST_INPUT = 2;
    static final int PER_INPUT = 3;

    /** For inputs without nulls. {@code words} takes the bits of a selection. */
    abstract void dense(long[] addresses, int rows, long[] words);

    /** For inputs that may have nulls. */
    abstract void sparse(long[] addresses, int rows, long[] words);
}
