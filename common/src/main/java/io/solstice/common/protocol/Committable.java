package io.solstice.common.protocol;

import io.solstice.common.id.StageId;

/**
 * What a sink task wrote and sealed, not yet visible to anyone. The master keeps it until every task has sealed, then
 * has it committed.
 *
 * @param payload what the sink needs to publish it; only the sink reads it
 */
public record Committable(StageId stage, int taskIndex, String payload) {}
