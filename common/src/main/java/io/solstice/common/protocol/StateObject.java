package io.solstice.common.protocol;

import io.solstice.common.id.StageId;

/**
 * The state of one operator of one task, as it was written to the state backend.
 *
 * @param index of the task
 * @param key of the object, relative to the state backend's base
 * @param sha256 of the whole object, 64 hexadecimal digits
 */
public record StateObject(StageId stage, int index, String key, long bytes, String sha256) {}
