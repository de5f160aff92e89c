/** Where the events of a pipeline come from, and the columns that they have: {@link io.solstice.stream.source.EventShape}. */
@NullMarked
package io.solstice.stream.source;

import org.jspecify.annotations.NullMarked;
