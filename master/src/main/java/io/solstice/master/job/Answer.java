package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.CheckpointId;
import org.jspecify.annotations.Nullable;

/**
 * To somebody who asked for a checkpoint.
 *
 * @param id of the checkpoint, whose output has been published; null if there is none
 * @param error why there is none, else null
 */
public record Answer(
        long request, @Nullable CheckpointId id, @Nullable SolsticeError error) {}
