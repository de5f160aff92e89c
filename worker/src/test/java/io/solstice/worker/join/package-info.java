/** Tests of joins. */
@NullMarked
package io.solstice.worker.join;

import org.jspecify.annotations.NullMarked;
