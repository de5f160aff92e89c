/**
 * How a worker comes to a job's code. Start with {@link io.solstice.worker.code.ProgramLoader}.
 */
@NullMarked
package io.solstice.worker.code;

import org.jspecify.annotations.NullMarked;
