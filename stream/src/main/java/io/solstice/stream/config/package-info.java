/**
 * What a stream-processor document says, checked and with its defaults. Knows nothing of jobs. Start with
 * {@link io.solstice.stream.config.StreamDocument}.
 */
@NullMarked
package io.solstice.stream.config;

import org.jspecify.annotations.NullMarked;
