package io.solstice.connector.rocksdb;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.store.ByteStore;
import io.solstice.common.store.ByteStoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/** {@code state.backend: rocksdb}. */
public final class RocksProvider implements ByteStoreProvider {
    private static volatile boolean loaded;

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
        if (loaded) {
            return;
        }
        try {
            unpackAndLoad();
            loaded = true;
        } catch (NoClassDefFoundError missing) {
            throw ErrorCode.CONNECTOR_UNKNOWN
                    .error("RocksDB is not part of this distribution")
                    .where("state.backend")
                    .cause("no rocksdbjni-*.jar is on the class path")
                    .help("put that file into lib/, or use the full distribution")
                    .toException(missing);
        } catch (IOException | RuntimeException | LinkageError unloadable) {
            throw ErrorCode.NATIVE_LIBRARY
                    .error("the native library of RocksDB cannot be loaded")
                    .where("state.backend")
                    .cause(unloadable.toString())
                    .help("it is unpacked to java.io.tmpdir, from where programs must be allowed to run, and needs a"
                            + " common processor and C library")
                    .toException(unloadable);
        }
    }

    /**
     * The library is unpacked to a folder of its own, which is deleted when the library is loaded: what is left to the
     * end of the process stays for ever when that is killed, and 17 MB of it for each process add up.
     * Of two threads that come at once one unpacks it, and both load it.
     */
    private static void unpackAndLoad() throws IOException {
        Path folder = Files.createTempDirectory("solstice-rocksdb-");
        try {
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
            RocksDB.loadLibrary();
        } finally {
            delete(folder);
        }
    }

    /** A system that keeps a file which is in use deletes it at the end of the process. */
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.delete(folder);
        } catch (IOException inUse) {
            folder.toFile().deleteOnExit();
        }
    }

    @Override
    public boolean isOutsideHeap() {
        return true;
    }

    @Override
    public ByteStore open(Path folder, long memoryBytes) {
        load();
        return RocksStore.open(folder, memoryBytes);
    }
}
