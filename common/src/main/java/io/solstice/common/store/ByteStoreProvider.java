package io.solstice.common.store;

import java.nio.file.Path;

/** Opens one kind of {@link ByteStore}; found by {@code ServiceLoader}. */
public interface ByteStoreProvider {
    /** The value of {@code state.backend}. */
    String name();

    /** The folder of its stores, below the one of all state. */
    String folder();

    /** Loads what it needs of the machine, or says with an error why it cannot. May be called often. */
    void load();

    /** Whether its stores take their memory outside the heap, or else in it. */
    boolean isOutsideHeap();

    /**
     * Opens the store in a folder, which is made if it is not there.
     *
     * @param memoryBytes about so much is taken
     */
    ByteStore open(Path folder, long memoryBytes);
}
