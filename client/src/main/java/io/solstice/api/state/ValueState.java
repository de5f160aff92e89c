package io.solstice.api.state;

import org.jspecify.annotations.Nullable;

/** One value of the key that is being handled. */
public interface ValueState<T> {
    /** Null if there is none. */
    @Nullable
    T get();

    /** A null removes it. */
    void set(@Nullable T value);
}
