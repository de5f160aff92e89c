/** Sources and sinks that need no connector, and the look-up of those that do. */
@NullMarked
package io.solstice.worker.builtin;

import org.jspecify.annotations.NullMarked;
