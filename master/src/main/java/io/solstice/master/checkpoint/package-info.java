/**
 * Where checkpoints become canonical. Start with {@link io.solstice.master.checkpoint.CheckpointLog}, which says what
 * objects there are; {@link io.solstice.master.checkpoint.CheckpointKeeper} does on its own threads what jobs want.
 */
@NullMarked
package io.solstice.master.checkpoint;

import org.jspecify.annotations.NullMarked;
