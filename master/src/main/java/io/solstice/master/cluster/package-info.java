/**
 * Deciding about a cluster, purely: events in, actions out, no clock, no threads, no I/O. Start with
 * {@link io.solstice.master.cluster.ClusterCoordinator}; {@code Scheduler} places the tasks of one job and
 * {@code Admission} decides whose turn it is.
 */
@NullMarked
package io.solstice.master.cluster;

import org.jspecify.annotations.NullMarked;
