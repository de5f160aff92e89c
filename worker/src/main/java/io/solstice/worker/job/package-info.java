/**
 * What a worker does for runs of jobs: prepares them, makes their tasks and channels, publishes what they sealed. Start
 * with {@link io.solstice.worker.job.RunDesk}; {@link io.solstice.worker.job.JobRuntime} is one run.
 */
@NullMarked
package io.solstice.worker.job;

import org.jspecify.annotations.NullMarked;
