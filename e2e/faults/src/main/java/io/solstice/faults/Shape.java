package io.solstice.faults;

/**
 * Of a cluster.
 *
 * @param masters one leads, the others stand by
 * @param s3 whether all state is in an S3 server, else in folders
 */
record Shape(int masters, int workers, boolean s3) {}
