package io.solstice.common.store;

/** What came of creating an object. */
public enum Outcome {
    /** This writer made it. Said to one writer of a key only. */
    CREATED,
    /** Another writer, or an earlier try, made it with the very same bytes. */
    SAME,
    /** It is there with other bytes, which stay. */
    TAKEN
}
