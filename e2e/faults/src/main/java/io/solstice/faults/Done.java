package io.solstice.faults;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;

/**
 * A fault that has been done.
 *
 * @param nanos from when on the time until new output is measured, on the monotonic clock
 * @param healed from when on new output counts
 * @param text how it went
 * @param bit false for a fault that changed nothing
 * @param effect what must come of it
 * @param hit the workers whose tasks have gone by it, or must be taken for lost
 */
record Done(long nanos, long healed, String text, boolean bit, Effect effect, Set<String> hit) {
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

    Done {
        hit = Set.copyOf(hit);
    }

    /** Of a fault after which no job has to begin again. */
    Done(long nanos, long healed, String text, boolean bit, Effect effect) {
        this(nanos, healed, text, bit, effect, Set.of());
    }

    /** The same, whose effect is seen in output as soon as it bit. */
    Done(long nanos, String text, boolean bit, Effect effect) {
        this(nanos, nanos, text, bit, effect);
    }

    /** Of a fault that may make jobs begin again, those with tasks on these workers. */
    Done(long nanos, String text, boolean bit, Effect effect, Set<String> hit) {
        this(nanos, nanos, text, bit, effect, hit);
    }

    /** Whether a job with tasks on those workers must begin again. */
    boolean expectsRestart(Collection<String> workers) {
        return (effect == Effect.RESTART || effect == Effect.KILL) && !Collections.disjoint(workers, hit);
    }
}
