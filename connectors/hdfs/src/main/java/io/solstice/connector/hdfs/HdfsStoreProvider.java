package io.solstice.connector.hdfs;

import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStoreProvider;
import io.solstice.common.store.StoreSettings;
import java.util.Set;

/** {@code type: "dfs"}. */
public final class HdfsStoreProvider implements ObjectStoreProvider {
    @Override
    public String type() {
        return "dfs";
    }

    @Override
    public Set<String> keys() {
        return HdfsSettings.KEYS;
    }

    @Override
    public ObjectStore open(StoreSettings settings) {
        return new HdfsObjectStore(HdfsSettings.of(settings));
    }
}
