package io.solstice.api.state;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A map of the key that is being handled, sorted by its own keys, which are texts. */
public interface MapState<T> {
    /** Null if there is none. */
    @Nullable
    T get(String entry);

    void put(String entry, T value);

    void remove(String entry);

    /** The entries that begin with that text, in order; all of them for an empty one. Cannot be changed. */
    SortedMap<String, T> scan(String prefix);

    /** Removes all entries. */
    void clear();
}
