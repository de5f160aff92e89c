package io.solstice.master.job;

import org.jspecify.annotations.Nullable;

/** The newest canonical checkpoint of a job: what a new generation begins with. */
final class Canonical {
    private @Nullable Manifest manifest;
    /** Where it is in the log. */
    private long number;
    /** Whether its output is known to be visible. */
    private boolean published;

    void restored(StoreAnswer.Loaded loaded) {
        manifest = loaded.manifest();
        number = loaded.newest();
        published = loaded.published();
    }

    /** There is none yet; what is in the log by now is another run's. */
    void comesAfter(long newest) {
        number = newest;
    }

    void becomes(Manifest next, long at) {
        manifest = next;
        number = at;
        published = false;
    }

    /** Null if there is none. */
    @Nullable
    Manifest manifest() {
        return manifest;
    }

    long number() {
        return number;
    }

    boolean isPublished() {
        return published;
    }

    void publish() {
        published = true;
    }

    /** Its number among the checkpoints of the job, or 0. */
    long epoch() {
        Manifest there = manifest;
        return there == null ? 0 : there.epoch();
    }
}
