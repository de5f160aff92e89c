package io.solstice.exchange.batch;

/** Nothing follows on this road. */
public record EndOfInput() implements StreamElement {
    public static final EndOfInput INSTANCE = new EndOfInput();
}
