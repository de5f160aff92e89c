package io.solstice.worker.pile;

/** A number that all rows of a pile have in tables of the state, such as the window that they are of. */
public record Tag(String name, long value) {}
