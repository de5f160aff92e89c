/**
 * Deciding about one job, purely: reports in, commands out, no clock, no threads, no I/O. Start with
 * {@link io.solstice.master.job.JobCoordinator}.
 */
@NullMarked
package io.solstice.master.job;

import org.jspecify.annotations.NullMarked;
