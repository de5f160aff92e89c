package io.solstice.master.job;

import io.solstice.common.protocol.StateObject;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest canonical checkpoint of a job: what a new generation begins with. */
final class Canonical {
    private @Nullable Manifest manifest;
    /** The keys of its states. */
    private Set<String> states = Set.of();
    /** Where it is in the log. */
    private long number;
    /** Whether its output is known to be visible. */
    private boolean published;

    void restored(StoreAnswer.Loaded loaded) {
        manifest = loaded.manifest();
        states = keys(loaded.manifest());
        number = loaded.newest();
        published = loaded.published();
    }

    /** There is none yet; what is in the log by now is another run's. */
    void comesAfter(long newest) {
        number = newest;
    }

    void becomes(Manifest next, long at) {
        manifest = next;
        states = keys(next);
        number = at;
        published = false;
    }

    /** Null if there is none. */
    @Nullable
    Manifest manifest() {
        return manifest;
    }

    private static Set<String> keys(Manifest manifest) {
        return manifest.states().stream().map(StateObject::key).collect(Collectors.toSet());
    }

    /** Whether it names a state, which is therefore there and stays. */
    boolean names(StateObject state) {
        return states.contains(state.key());
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
