/** Workflows to run as they are and to copy. Start with {@link io.solstice.examples.workflows.SimpleEtl}. */
@NullMarked
package io.solstice.examples.workflows;

import org.jspecify.annotations.NullMarked;
