/**
 * The stream processor: pipelines that a YAML document describes, from events to results in windows, without a program.
 * Start with {@link io.solstice.stream.StreamProcessor}.
 */
@NullMarked
package io.solstice.stream;

import org.jspecify.annotations.NullMarked;
