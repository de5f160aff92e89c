/**
 * The engine in one process: a master, a worker, and direct calls between them. Found by {@code Solstice.embedded()}
 * through {@code ServiceLoader}. A module of its own because neither master nor worker may import the other.
 */
@NullMarked
package io.solstice.embedded;

import org.jspecify.annotations.NullMarked;
