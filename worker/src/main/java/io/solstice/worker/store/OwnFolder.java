package io.solstice.worker.store;

import io.solstice.common.error.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that one store has to itself, and which goes with it. Its lock tells the folders of living processes from what
 * one left that was killed, which is deleted when the next folder is made beside it.
 */
public final class OwnFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnFolder.class);
    private static final String LOCK = "owner.lock";
    /** What it is called until it is locked: a folder with a lock that is free may be swept. */
    private static final String UNLOCKED = "owner.new";
    /** Those of this process: to open a lock and close it again would let go of it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lock;

    private OwnFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** @param above the folder of such folders, which is made if need be @param name what its name begins with */
    public static OwnFolder below(Path above, String name) {
        Path folder = above;
        try {
            Files.createDirectories(above);
            Path real = above.toRealPath();
            folder = real.resolve(name + "-" + UUID.randomUUID());
            OWN.add(folder);
            sweep(real);
            Files.createDirectory(folder);
            FileChannel lock = open(folder.resolve(UNLOCKED));
            lock.lock();
            Files.move(folder.resolve(UNLOCKED), folder.resolve(LOCK));
            return new OwnFolder(folder, lock);
        } catch (IOException failure) {
            OWN.remove(folder);
            throw ErrorCode.PATH_UNUSABLE
                    .error("the state of a task has no folder")
                    .where(above.toString())
                    .cause(failure.toString())
                    .help("make that folder writable, or name another one")
                    .toException(failure);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** What cannot be deleted, such as another user's, is no trouble of this task. */
    private static void sweep(Path above) {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(above)) {
            for (Path sibling : siblings) {
                if (!OWN.contains(sibling) && Files.isRegularFile(sibling.resolve(LOCK)) && isDead(sibling)) {
                    LOG.info("deleting {}, which a task left whose process was killed", sibling);
                    delete(sibling);
                }
            }
        } catch (IOException | DirectoryIteratorException stays) {
            LOG.debug("not all of {} could be swept", above, stays);
        }
    }

    private static boolean isDead(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
            return isFree(channel);
        } catch (NoSuchFileException goneMeanwhile) {
            return false;
        }
    }

    public Path path() {
        return folder;
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
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
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try (lock) {
            delete(folder);
        } catch (IOException stays) {
            LOG.warn("the folder {} could not be deleted: {}", folder, stays.toString());
        } finally {
            OWN.remove(folder);
        }
    }
}
