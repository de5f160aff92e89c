/** Drives the source and the sink directly, as a task would. */
@NullMarked
package io.solstice.connector.lance;

import org.jspecify.annotations.NullMarked;
