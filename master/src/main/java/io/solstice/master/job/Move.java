package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.JobState;
import org.jspecify.annotations.Nullable;

/**
 * A job's step from one state to the next, as it must survive the master.
 *
 * @param error why it is failing or has failed, else null
 */
public record Move(JobState state, @Nullable SolsticeError error) {}
