/**
 * Sinks: the documented built-in ones, and the interfaces of one's own. Start with {@link io.solstice.api.sink.Sink}.
 */
@NullMarked
package io.solstice.api.sink;

import org.jspecify.annotations.NullMarked;
