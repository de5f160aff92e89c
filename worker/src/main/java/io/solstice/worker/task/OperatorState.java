package io.solstice.worker.task;

import io.solstice.common.id.StageId;

/**
 * The state of one operator at a cut.
 *
 * @param content an Arrow IPC file, as {@link io.solstice.spi.StateFormat} writes it; nobody changes it any more
 */
public record OperatorState(StageId stage, byte[] content) {}
