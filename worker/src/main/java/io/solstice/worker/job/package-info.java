/**
 * What a worker holds of a job: its checked plan, its tasks and channels, its memory. Start with
 * {@link io.solstice.worker.job.JobRuntime}.
 */
@NullMarked
package io.solstice.worker.job;

import org.jspecify.annotations.NullMarked;
