package io.solstice.exchange.batch;

/**
 * One of the upstreams of a stage that tells them apart has come to its end, and others have not. Made where the roads
 * of a task meet; it never travels.
 *
 * @param input which upstream, in the order in which the stage names them
 */
public record EndOfSide(int input) implements StreamElement {}
