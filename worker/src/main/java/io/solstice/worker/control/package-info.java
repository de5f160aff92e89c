/**
 * Deciding about a worker, purely: events in, actions out, no clock, no threads, no I/O. Start with
 * {@link io.solstice.worker.control.WorkerCoordinator}.
 */
@NullMarked
package io.solstice.worker.control;

import org.jspecify.annotations.NullMarked;
