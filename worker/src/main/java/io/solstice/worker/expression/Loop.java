package io.solstice.worker.expression;

/**
 * A generated loop over the rows of a batch. {@code addresses} holds where to write values and validity bits, then three
 * for each input: values, offsets, validity bits; what an input does not have is 0.
 */
interface Loop {
    int OUT_VALUES = 0;
    int OUT_VALIDITY = 1;
    int FIRST_INPUT = 2;
    int PER_INPUT = 3;

    /** For inputs without nulls. {@code words} takes the bits of a selection. */
    void dense(long[] addresses, int rows, long[] words);

    /** For inputs that may have nulls. */
    void sparse(long[] addresses, int rows, long[] words);
}
