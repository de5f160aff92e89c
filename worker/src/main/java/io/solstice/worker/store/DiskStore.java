package io.solstice.worker.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ByteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entries in one file, by H2's MVStore. A snapshot is a copy of the file. */
final class DiskStore implements ByteStore {
    private static final Logger LOG = LoggerFactory.getLogger(DiskStore.class);
    private static final String FILE = "state.mv";
    /** What has been written goes to the file after so many bytes. */
    private static final long COMMIT_BYTES = 4 << 20;
    /** Of the file, in percent, should be of use. */
    private static final int FILL_RATE = 60;

    private static final int COMPACT_AT_ONCE_BYTES = 8 << 20;

    private final Path file;
    private final MVStore store;
    private final MVMap<byte[], byte[]> entries;
    private long unwritten;

    private DiskStore(Path file, MVStore store) {
        this.file = file;
        this.store = store;
        store.setRetentionTime(0);
        store.setVersionsToKeep(0);
        this.entries = store.openMap(
                "state",
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    static DiskStore open(Path folder, long memoryBytes) {
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            MVStore store = new MVStore.Builder()
                    .fileName(file.toString())
                    .cacheSize((int) Math.max(1, memoryBytes >> 20))
                    .autoCommitDisabled()
                    .open();
            return new DiskStore(file, store);
        } catch (IOException | MVStoreException failure) {
            throw failed(file, failure);
        }
    }

    private <T extends @Nullable Object> T trying(Supplier<T> work) {
        try {
            return work.get();
        } catch (MVStoreException | UncheckedIOException failure) {
            throw failed(file, failure);
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return this.<byte @Nullable []>trying(() -> entries.get(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        this.<byte @Nullable []>trying(() -> entries.put(key, value));
        wrote(key.length + value.length);
    }

    @Override
    public void delete(byte[] key) {
        this.<byte @Nullable []>trying(() -> entries.remove(key));
        wrote(key.length);
    }

    private void wrote(long bytes) {
        unwritten += bytes;
        if (unwritten >= COMMIT_BYTES) {
            trying(() -> {
                store.commit();
                return store.compact(FILL_RATE, COMPACT_AT_ONCE_BYTES);
            });
            unwritten = 0;
        }
    }

    @Override
    public Scan scan(byte[] prefix, byte[] from) {
        Cursor<byte[], byte[]> place = trying(() -> entries.cursor(from));
        return new Scan() {
            private boolean ended;

            @Override
            public boolean next() {
                ended = ended || !trying(() -> place.hasNext() && startsWith(place.next(), prefix));
                return !ended;
            }

            @Override
            public byte[] key() {
                return place.getKey();
            }

            @Override
            public byte[] value() {
                return place.getValue();
            }

            @Override
            public void close() {
                // A cursor holds nothing.
            }
        };
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public List<StoredFile> snapshot(Path into) {
        return trying(() -> {
            store.commit();
            unwritten = 0;
            Path copy = into.resolve(FILE);
            store.executeFilestoreOperation(() -> {
                try {
                    Files.createDirectories(into);
                    Files.copy(file, copy);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            return List.of(new StoredFile(FILE, copy, false));
        });
    }

    @Override
    public void close() {
        try {
            // Nobody opens it again, so what has not been written need not be.
            store.closeImmediately();
        } catch (MVStoreException broken) {
            // As when a task was cancelled while it read or wrote: the file goes all the same.
            LOG.debug("{} was closed before", file, broken);
        }
    }

    private static SolsticeException failed(Path file, Exception failure) {
        boolean full = SolsticeException.of(failure).code() == ErrorCode.DISK_FULL;
        return (full ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED)
                .error("state could not be read from its file or written to it")
                .where(file.toString())
                .cause(failure.toString())
                .help("make room there and see that it can be written to, or name another folder for the state")
                .toException(failure);
    }
}
