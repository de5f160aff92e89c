/** Event time in columns. */
@NullMarked
package io.solstice.worker.time;

import org.jspecify.annotations.NullMarked;
