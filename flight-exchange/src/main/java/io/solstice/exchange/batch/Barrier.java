package io.solstice.exchange.batch;

/** Divides the rows before a checkpoint from those after it. */
public record Barrier(long epoch) implements StreamElement {}
