package io.solstice.connector.s3;

import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStoreProvider;
import io.solstice.common.store.StoreSettings;
import java.util.Set;

/** {@code type: "s3"}. */
public final class S3StoreProvider implements ObjectStoreProvider {
    @Override
    public String type() {
        return "s3";
    }

    @Override
    public Set<String> keys() {
        return S3Settings.KEYS;
    }

    @Override
    public ObjectStore open(StoreSettings settings) {
        return S3ObjectStore.open(S3Settings.of(settings));
    }
}
