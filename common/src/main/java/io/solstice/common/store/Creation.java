package io.solstice.common.store;

/**
 * The answer to a writer.
 *
 * @param written what this writer wrote; an object of the store unless the outcome is {@link Outcome#TAKEN}
 */
public record Creation(Outcome outcome, ObjectRef written) {

    /** Whether this writer, and no other, made the object. What must be done by one only asks this. */
    public boolean won() {
        return outcome == Outcome.CREATED;
    }

    /** Whether the store has these bytes under this key, whoever wrote them. */
    public boolean stored() {
        return outcome != Outcome.TAKEN;
    }
}
