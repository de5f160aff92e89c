/**
 * The jobs that are run under faults ({@code Workload}). Their rows are a pure function of seed, partition and sequence
 * ({@code Event}, and {@code Timed} where times matter), so that nobody has to remember what was generated. These classes
 * travel to the workers.
 */
@NullMarked
package io.solstice.faults.workload;

import org.jspecify.annotations.NullMarked;
