package io.solstice.common.config;

/**
 * Where a value comes from.
 *
 * @param place the flag, the variable, or file and line
 */
public record Origin(Kind kind, String place) {
    /** The origins, the strongest first. */
    public enum Kind {
        FLAG,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    static final Origin FALLBACK = new Origin(Kind.DEFAULT, "default");

    @Override
    public String toString() {
        return place;
    }
}
