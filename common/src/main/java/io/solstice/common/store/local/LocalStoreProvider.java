package io.solstice.common.store.local;

import io.solstice.common.loop.Clock;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStoreProvider;
import io.solstice.common.store.StoreSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** {@code type: "local"} with {@code base_path}. */
public final class LocalStoreProvider implements ObjectStoreProvider {
    @Override
    public String type() {
        return "local";
    }

    @Override
    public Set<String> keys() {
        return Set.of("base_path");
    }

    @Override
    public ObjectStore open(StoreSettings settings) {
        String path = settings.text("base_path", "/tmp/solstice/checkpoints");
        try {
            return new LocalObjectStore(Path.of(path), Disk.REAL, Clock.SYSTEM);
        } catch (InvalidPathException notOne) {
            throw settings.invalid("base_path", notOne.toString());
        }
    }
}
