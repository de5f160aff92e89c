/**
 * A cluster of processes of its own: how soon it is up and runs a job, what it takes when idle, and how its speed
 * compares with that of an engine in one process. It is the installation that {@code SOLSTICE_HOME} names.
 */
@NullMarked
package io.solstice.bench.cluster;

import org.jspecify.annotations.NullMarked;
