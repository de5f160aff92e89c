/** A worker: runs the tasks that a master gives it. Start with {@link io.solstice.worker.Worker}. */
@NullMarked
package io.solstice.worker;

import org.jspecify.annotations.NullMarked;
