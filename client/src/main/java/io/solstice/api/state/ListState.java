package io.solstice.api.state;

import java.util.List;

/** A list of the key that is being handled. */
public interface ListState<T> {
    /** In the order in which they were added; empty if there are none. Cannot be changed. */
    List<T> get();

    void add(T value);

    /** In place of all that there are; an empty list removes them. */
    void set(List<? extends T> values);
}
