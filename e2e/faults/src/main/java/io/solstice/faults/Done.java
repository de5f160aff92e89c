package io.solstice.faults;

/**
 * A fault that has been done.
 *
 * @param nanos when it bit, or for one that lasts when it was over, on the monotonic clock
 * @param text how it went
 * @param bit false for a fault that changed nothing
 * @param effect what must come of it
 */
record Done(long nanos, String text, boolean bit, Effect effect) {
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

    boolean expectsRestart() {
        return effect == Effect.RESTART || effect == Effect.KILL;
    }
}
