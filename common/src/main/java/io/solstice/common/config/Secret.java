package io.solstice.common.config;

/** A text that is never shown: only {@link #value} gives it away. */
public record Secret(String value) {
    @Override
    public String toString() {
        return Key.HIDDEN;
    }
}
