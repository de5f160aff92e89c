/**
 * Where checkpoints become canonical. Start with {@link io.solstice.master.checkpoint.CheckpointLog}, which says what
 * objects there are; {@link io.solstice.master.checkpoint.CheckpointDesk} does what jobs want, on the threads of
 * {@link io.solstice.master.checkpoint.CheckpointKeeper}.
 */
@NullMarked
package io.solstice.master.checkpoint;

import org.jspecify.annotations.NullMarked;
