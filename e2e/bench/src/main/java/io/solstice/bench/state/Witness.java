package io.solstice.bench.state;

import io.solstice.api.state.RowOutput;

/** Sees what operators of one job do. */
interface Witness {
    /** A task has begun, or begun again; returns which one this is. */
    int opened();

    /** @param first whether nothing was kept for the key */
    void touched(int operator, boolean first, RowOutput out);
}
