package io.solstice.worker.store;

import io.solstice.common.store.ByteStore;
import io.solstice.common.store.ByteStoreProvider;
import java.nio.file.Path;

/** {@code state.backend: disk}. */
public final class DiskProvider implements ByteStoreProvider {
    @Override
    public String name() {
        return "disk";
    }

    @Override
    public String folder() {
        return "cache";
    }

    @Override
    public void load() {
        // It is Java alone.
    }

    @Override
    public boolean isOutsideHeap() {
        return false;
    }

    @Override
    public ByteStore open(Path folder, long memoryBytes) {
        return DiskStore.open(folder, memoryBytes);
    }
}
