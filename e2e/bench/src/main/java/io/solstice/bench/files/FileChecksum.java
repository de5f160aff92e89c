package io.solstice.bench.files;

/** Row count and sums over the columns of a table, in any order of rows. */
record FileChecksum(long rows, long keys, long thousandths, long rest) {}
