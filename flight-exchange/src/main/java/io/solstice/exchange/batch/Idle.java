package io.solstice.exchange.batch;

/**
 * The sender has had no rows for a while and knows nothing of event time: the road holds time back no longer, until its
 * next watermark.
 */
public record Idle() implements StreamElement {
    public static final Idle INSTANCE = new Idle();
}
