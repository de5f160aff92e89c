/** Changing what a running process logs. Needs Logback only when it is asked to. */
@NullMarked
package io.solstice.common.logging;

import org.jspecify.annotations.NullMarked;
