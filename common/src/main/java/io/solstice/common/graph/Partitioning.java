package io.solstice.common.graph;

/** How rows of one stage are divided among the tasks of the next. */
public enum Partitioning {
    /** Task i feeds task i; needs equal parallelism. */
    FORWARD,
    /** By the key group of the key columns. */
    HASH,
    /** Every task gets every row. */
    BROADCAST,
    /** Whole batches go to the task that has the most room. */
    REBALANCE
}
