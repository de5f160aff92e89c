/** How soon a system runs its first job, and the next ones. */
@NullMarked
package io.solstice.bench.startup;

import org.jspecify.annotations.NullMarked;
