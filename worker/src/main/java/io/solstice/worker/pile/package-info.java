/**
 * Keys and their aggregates, of which more may come than there is memory: a {@link io.solstice.worker.pile.Pile} is a
 * table that rows are added to, on top of {@link io.solstice.worker.pile.Run}s of aggregates that never change, which a
 * checkpoint names once it has written them and which may lie in files. {@link io.solstice.worker.pile.Piles} has all of
 * an operator. Knows nothing of windows.
 */
@NullMarked
package io.solstice.worker.pile;

import org.jspecify.annotations.NullMarked;
