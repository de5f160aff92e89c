package io.solstice.faults;

/**
 * A fault that has been done.
 *
 * @param nanos from when on the time until new output is measured, on the monotonic clock
 * @param healed from when on new output counts
 * @param text how it went
 * @param bit false for a fault that changed nothing
 * @param effect what must come of it
 */
record Done(long nanos, long healed, String text, boolean bit, Effect effect) {
    enum Effect {
        /** The job may begin again or may not. */
        ANY,
        /** The job must begin again. */
        RESTART,
        /** The same, since tasks have gone with their process. */
        KILL,
        /** The job must go on as it is. */
        NO_RESTART
    }

    /** Of a fault whose effect is seen in output as soon as it bit. */
    Done(long nanos, String text, boolean bit, Effect effect) {
        this(nanos, nanos, text, bit, effect);
    }

    boolean expectsRestart() {
        return effect == Effect.RESTART || effect == Effect.KILL;
    }
}
