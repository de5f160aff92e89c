package io.solstice.common.store;

import java.util.Set;

/** Opens one type of object store; found by {@code ServiceLoader}. */
public interface ObjectStoreProvider {
    /** The value of {@code state_backend.type}. */
    String type();

    /** All keys of {@code state_backend} that it reads, besides {@code type}. */
    Set<String> keys();

    /** Opens the store; the keys are all known ones. Each call makes a store of its own. */
    ObjectStore open(StoreSettings settings);
}
