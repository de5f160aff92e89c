/**
 * A cluster of processes of its own: how soon it is up and runs a job, and what it takes when idle. It is the
 * installation that {@code SOLSTICE_HOME} names.
 */
@NullMarked
package io.solstice.bench.cluster;

import org.jspecify.annotations.NullMarked;
