/** Event time: when things happened, as the rows tell it. Start with {@link io.solstice.api.time.Watermarks}. */
@NullMarked
package io.solstice.api.time;

import org.jspecify.annotations.NullMarked;
