package io.solstice.connector.rocksdb;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ByteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Entries in a RocksDB database. It keeps no log of its own: what is not in a checkpoint is made again from the input. A
 * snapshot is a checkpoint of RocksDB, whose files are hard links to those of the database.
 */
final class RocksStore implements ByteStore {
    private static final int MAX_OPEN_FILES = 1_000;
    /** A restore holds one file in memory at a time. */
    private static final long FILE_BYTES = 16 << 20;

    private static final long LEAST_WRITE_BUFFER = 1 << 20;
    /** So much is written at a time. */
    private static final long BATCH_BYTES = 1 << 18;

    private static final double BLOOM_BITS = 10;

    private final Path folder;
    /** In the order in which they were made. */
    private final Deque<AutoCloseable> owned;

    private final RocksDB database;
    private final WriteOptions writing;
    private final ReadOptions scanning;

    private RocksStore(Path folder, Deque<AutoCloseable> owned, RocksDB database) {
        this.folder = folder;
        this.owned = owned;
        this.database = database;
        this.writing = own(new WriteOptions().setDisableWAL(true));
        // What is scanned is not what is read again soon.
        this.scanning = own(new ReadOptions().setFillCache(false));
    }

    static RocksStore open(Path folder, long memoryBytes) {
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try {
            Files.createDirectories(folder);
            BlockBasedTableConfig tables = new BlockBasedTableConfig()
                    .setBlockCache(owned(owned, new LRUCache(memoryBytes / 2)))
                    .setFilterPolicy(owned(owned, new BloomFilter(BLOOM_BITS)))
                    .setCacheIndexAndFilterBlocks(true)
                    .setPinL0FilterAndIndexBlocksInCache(true)
                    .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                    .setFormatVersion(5);
            Options options = owned(owned, new Options())
                    .setCreateIfMissing(true)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setMaxOpenFiles(MAX_OPEN_FILES)
                    .setWriteBufferSize(Math.max(LEAST_WRITE_BUFFER, memoryBytes / 4))
                    .setMaxWriteBufferNumber(2)
                    // One thread writes, and what it writes at a time is in order.
                    .setAllowConcurrentMemtableWrite(false)
                    // What is not in a checkpoint is of no use to anybody.
                    .setAvoidFlushDuringShutdown(true)
                    // Without threads of its own that wake up now and then.
                    .setStatsDumpPeriodSec(0)
                    .setStatsPersistPeriodSec(0)
                    .setTargetFileSizeBase(FILE_BYTES)
                    .setLevelCompactionDynamicLevelBytes(true)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setKeepLogFileNum(1)
                    .setMaxLogFileSize(1 << 20)
                    .setTableFormatConfig(tables);
            RocksDB database = owned(owned, RocksDB.open(options, folder.toString()));
            return new RocksStore(folder, owned, database);
        } catch (IOException | RocksDBException | RuntimeException failure) {
            closeAll(owned);
            throw failed(folder, "opened", failure);
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        return owned(owned, part);
    }

    private static <T extends AutoCloseable> T owned(Deque<AutoCloseable> all, T part) {
        all.push(part);
        return part;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return database.get(key);
        } catch (RocksDBException failure) {
            throw failed(folder, "read", failure);
        }
    }

    @Override
    public List<byte @Nullable []> getAll(List<byte[]> keys) {
        try {
            return database.multiGetAsList(keys);
        } catch (RocksDBException failure) {
            throw failed(folder, "read", failure);
        }
    }

    @Override
    public void writeAll(List<byte[]> keys, List<byte @Nullable []> values) {
        try (WriteBatch batch = new WriteBatch()) {
            long bytes = 0;
            for (int i = 0; i < keys.size(); i++) {
                byte[] value = values.get(i);
                if (value == null) {
                    batch.delete(keys.get(i));
                } else {
                    batch.put(keys.get(i), value);
                    bytes += value.length;
                }
                bytes += keys.get(i).length;
                if (bytes >= BATCH_BYTES) {
                    database.write(writing, batch);
                    batch.clear();
                    bytes = 0;
                }
            }
            if (bytes > 0) {
                database.write(writing, batch);
            }
        } catch (RocksDBException failure) {
            throw failed(folder, "written", failure);
        }
    }

    @Override
    public void put(byte[] key, byte[] value) {
        try {
            database.put(writing, key, value);
        } catch (RocksDBException failure) {
            throw failed(folder, "written", failure);
        }
    }

    @Override
    public void delete(byte[] key) {
        try {
            database.delete(writing, key);
        } catch (RocksDBException failure) {
            throw failed(folder, "written", failure);
        }
    }

    @Override
    public Scan scan(byte[] prefix, byte[] from) {
        RocksIterator place = database.newIterator(scanning);
        return new Scan() {
            private boolean begun;
            /** An iterator that has ended must not be moved. */
            private boolean ended;

            @Override
            public boolean next() {
                if (ended) {
                    return false;
                } else if (begun) {
                    place.next();
                } else {
                    place.seek(from);
                    begun = true;
                }
                ended = !place.isValid() || !startsWith(place.key(), prefix);
                if (!place.isValid()) {
                    requireWell(place);
                }
                return !ended;
            }

            @Override
            public byte[] key() {
                return place.key();
            }

            @Override
            public byte[] value() {
                return place.value();
            }

            @Override
            public void close() {
                place.close();
            }
        };
    }

    private void requireWell(RocksIterator place) {
        try {
            place.status();
        } catch (RocksDBException failure) {
            throw failed(folder, "read", failure);
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public List<StoredFile> snapshot(Path into) {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
                Checkpoint checkpoint = Checkpoint.create(database)) {
            database.flush(flush);
            checkpoint.createCheckpoint(into.toString());
            List<StoredFile> files = new ArrayList<>();
            try (Stream<Path> found = Files.list(into)) {
                for (Path file : found.sorted().toList()) {
                    String name = file.getFileName().toString();
                    files.add(new StoredFile(name, file, name.endsWith(".sst")));
                }
            }
            return files;
        } catch (IOException | RocksDBException failure) {
            throw failed(folder, "written", failure);
        }
    }

    @Override
    public void close() {
        closeAll(owned);
    }

    private static void closeAll(Deque<AutoCloseable> all) {
        RuntimeException first = null;
        while (!all.isEmpty()) {
            try {
                all.pop().close();
            } catch (Exception failure) {
                first = first == null
                        ? new IllegalStateException("a part of RocksDB could not be closed", failure)
                        : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static boolean isFull(Exception failure) {
        Status status = failure instanceof RocksDBException known ? known.getStatus() : null;
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }

    private static SolsticeException failed(Path folder, String what, Exception failure) {
        boolean full = SolsticeException.of(failure).code() == ErrorCode.DISK_FULL || isFull(failure);
        return (full ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED)
                .error("state in RocksDB could not be " + what)
                .where(folder.toString())
                .cause(failure.toString())
                .help("make room there and see that it can be written to, or name another folder for the state")
                .toException(failure);
    }
}
