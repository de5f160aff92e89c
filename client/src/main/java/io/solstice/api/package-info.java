/**
 * What people program against. Start with {@link io.solstice.api.Workflow} and {@link io.solstice.api.Job};
 * {@link io.solstice.api.Solstice} runs them. Nothing here knows how a job is run.
 */
@NullMarked
package io.solstice.api;

import org.jspecify.annotations.NullMarked;
