/**
 * Objects as files of a directory: written beside their place, synced, and linked there, which fails if the place is
 * taken. Found by {@code type: "local"}; nobody imports this package.
 */
@NullMarked
package io.solstice.common.store.local;

import org.jspecify.annotations.NullMarked;
