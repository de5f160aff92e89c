/**
 * The benchmark program. {@link io.solstice.bench.Bench} reads the command line and runs the suites; {@code measure}
 * runs and reports, {@code nexmark} is the events and queries, {@code engine} and {@code flink} run them on a system.
 */
@NullMarked
package io.solstice.bench;

import org.jspecify.annotations.NullMarked;
