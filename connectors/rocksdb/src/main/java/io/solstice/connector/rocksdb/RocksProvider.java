package io.solstice.connector.rocksdb;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.store.ByteStore;
import io.solstice.common.store.ByteStoreProvider;
import java.nio.file.Path;
import org.rocksdb.RocksDB;

/** {@code state.backend: rocksdb}. */
public final class RocksProvider implements ByteStoreProvider {
    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public String folder() {
        return "rocksdb";
    }

    @Override
    public void load() {
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | LinkageError unloadable) {
            throw ErrorCode.NATIVE_LIBRARY
                    .error("the native library of RocksDB cannot be loaded")
                    .where("state.backend")
                    .cause(unloadable.toString())
                    .help("it is unpacked to java.io.tmpdir, from where programs must be allowed to run, and needs a"
                            + " common processor and C library")
                    .toException(unloadable);
        }
    }

    @Override
    public ByteStore open(Path folder, long memoryBytes) {
        load();
        return RocksStore.open(folder, memoryBytes);
    }
}
