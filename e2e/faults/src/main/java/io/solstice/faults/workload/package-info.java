/**
 * The job that is run under faults. Its rows are a pure function of seed, partition and sequence ({@code Event}), so that
 * nobody has to remember what was generated. These classes travel to the workers.
 */
@NullMarked
package io.solstice.faults.workload;

import org.jspecify.annotations.NullMarked;
