package io.solstice.common.store.local;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.store.KeyPage;
import io.solstice.common.store.ObjectKeys;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below one directory, which may be shared by processes, and by machines if the file system has hard
 * links and tells everybody the same. Unfinished files are named {@code .new-…}, beside the place they are meant for.
 */
final class LocalObjectStore implements ObjectStore {
    static final String UNFINISHED = ".new-";
    private static final int TRIES = 100;

    private final Path base;
    private final Disk disk;
    private final Clock clock;
    /** Directories whose own names are known to be on the disk. */
    private final Set<Path> lasting = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    LocalObjectStore(Path base, Disk disk, Clock clock) {
        this.base = base.toAbsolutePath().normalize();
        this.disk = disk;
        this.clock = clock;
    }

    @Override
    public ObjectWriter create(String key) {
        Path target = path(key);
        // A deletion in another process may remove the directory, empty as it still is, before the file is in it.
        for (int i = 1; ; i++) {
            try {
                makeDirectory(directoryOf(target));
                Path draft = target.resolveSibling(UNFINISHED + UUID.randomUUID());
                return new LocalObjectWriter(this, disk, key, target, draft, disk.create(draft));
            } catch (NoSuchFileException gone) {
                lasting.remove(directoryOf(target));
                if (i == TRIES) {
                    throw failed("write", key, gone);
                }
            } catch (IOException failure) {
                throw failed("write", key, failure);
            }
        }
    }

    private void makeDirectory(Path directory) throws IOException {
        if (lasting.contains(directory) && Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        if (directory.startsWith(base) || !Files.isDirectory(directory)) {
            makeDirectory(parent);
            // Of those below the base, another process may have made one and not synced it yet.
            if (isMade(directory) || !directory.equals(base)) {
                disk.syncDirectory(parent);
            }
        }
        lasting.add(directory);
    }

    private static boolean isMade(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
            return true;
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(directory)) {
                throw there;
            }
            return false;
        }
    }

    @Override
    public InputStream range(String key, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("not a range: " + offset + ", " + length);
        }
        Path file = path(key);
        try {
            if (Files.isDirectory(file)) {
                throw missing(key);
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(offset);
            return new LimitedInput(Channels.newInputStream(channel), length);
        } catch (NoSuchFileException none) {
            throw missing(key);
        } catch (IOException failure) {
            throw failed("read", key, failure);
        }
    }

    private static SolsticeException missing(String key) {
        return ErrorCode.OBJECT_MISSING
                .error("there is no object '" + key + "'")
                .where(key)
                .help("it was deleted or never written; see what is there, or use another checkpoint")
                .toException();
    }

    @Override
    public OptionalLong size(String key) {
        Path file = path(key);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException none) {
            return OptionalLong.empty();
        } catch (IOException failure) {
            throw failed("look for", key, failure);
        }
    }

    @Override
    public void delete(String key) {
        Path file = path(key);
        try {
            if (!Files.isDirectory(file)) {
                Files.deleteIfExists(file);
            }
            Path directory = directoryOf(file);
            while (!directory.equals(base)) {
                lasting.remove(directory);
                Files.deleteIfExists(directory);
                directory = directoryOf(directory);
            }
        } catch (DirectoryNotEmptyException others) {
            return;
        } catch (IOException failure) {
            throw failed("delete", key, failure);
        }
    }

    @Override
    public List<String> list(String prefix, String after, int limit) {
        open();
        KeyPage page = new KeyPage(prefix, after, limit);
        visit(base.resolve(page.folder()), (file, attributes) -> {
            if (isObject(file)) {
                page.add(base.relativize(file).toString().replace('\\', '/'));
            }
        });
        return page.keys();
    }

    @Override
    public int sweep(Duration age) {
        open();
        long before = clock.wallMillis() - age.toMillis();
        int[] swept = {0};
        visit(base, (file, attributes) -> {
            if (!isObject(file) && attributes.lastModifiedTime().toMillis() <= before && Files.deleteIfExists(file)) {
                swept[0]++;
            }
        });
        return swept[0];
    }

    private static boolean isObject(Path file) {
        return !file.getFileName().toString().startsWith(".");
    }

    @Override
    public void close() {
        closed = true;
    }

    private Path path(String key) {
        open();
        return base.resolve(ObjectKeys.check(key));
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the object store has been closed");
        }
    }

    /** Of a file below the base, which always has one. */
    static Path directoryOf(Path file) {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IllegalStateException(file + " has no directory");
        }
        return directory;
    }

    static SolsticeException failed(String doing, String key, IOException failure) {
        SolsticeException known = SolsticeException.of(failure);
        if (known.code() == ErrorCode.DISK_FULL) {
            return known.within("object '" + key + "'");
        }
        ErrorCode code = failure instanceof AccessDeniedException
                        || failure instanceof NotDirectoryException
                        || failure instanceof FileAlreadyExistsException
                ? ErrorCode.PATH_UNUSABLE
                : ErrorCode.IO_FAILED;
        return code.error("could not " + doing + " object '" + key + "'")
                .where("state_backend of type 'local'")
                .cause(failure.toString())
                .help("check the directory's rights, and the disk it is on")
                .toException(failure);
    }

    private interface Visit {
        void file(Path file, BasicFileAttributes attributes) throws IOException;
    }

    /** All files below, while others may come and go. */
    private static void visit(Path start, Visit visit) {
        try {
            if (!Files.isDirectory(start)) {
                return;
            }
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    visit.file(file, attributes);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null && !(failure instanceof NoSuchFileException)) {
                        throw failure;
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw failed("list", start.toString(), failure);
        }
    }
}
