/** Tests of operators as tasks run them. */
@NullMarked
package io.solstice.worker.operator;

import org.jspecify.annotations.NullMarked;
