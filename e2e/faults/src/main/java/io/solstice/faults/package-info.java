/**
 * The fault harness: a cluster of real processes runs jobs while faults are injected, and every record is accounted for.
 * {@code Main} is the command, {@code Trial} one run from the start of its processes to its verdict, {@code Course} one of
 * its jobs.
 *
 * <p>{@code workload} are the jobs, {@code rig} the processes and what can be done to them, {@code check} the accounting,
 * which knows nothing of the engine.
 */
@NullMarked
package io.solstice.faults;

import org.jspecify.annotations.NullMarked;
