package io.solstice.worker.pile;

/**
 * A number that all rows of a pile have in tables of the state, such as the window that they are of.
 *
 * @param joined whether checkpoints may have its rows in one table with those of other piles: then some may come back
 *     when the pile is over, and must be passed over
 */
public record Tag(String name, long value, boolean joined) {}
