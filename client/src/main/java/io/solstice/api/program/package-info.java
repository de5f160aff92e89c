/**
 * A user's program as it is given: a class, a jar or a source file. {@link io.solstice.api.program.WorkflowLoader} finds
 * the workflow in it, {@link io.solstice.api.program.LoadedWorkflow} builds its job, and
 * {@link io.solstice.api.program.ProgramJar} is what travels to the workers.
 */
@NullMarked
package io.solstice.api.program;

import org.jspecify.annotations.NullMarked;
