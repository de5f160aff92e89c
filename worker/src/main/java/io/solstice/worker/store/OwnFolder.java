package io.solstice.worker.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.loop.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    /** Nobody takes so long to lock what he has made. */
    private static final long LOCKED_BY_THEN_MILLIS = 60_000;
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
        FileChannel lock = null;
        try {
            Files.createDirectories(above);
            Path real = above.toRealPath();
            folder = real.resolve(name + "-" + UUID.randomUUID());
            OWN.add(folder);
            sweep(real);
            Files.createDirectory(folder);
            lock = FolderLock.open(folder.resolve(UNLOCKED));
            lock.lock();
            Files.move(folder.resolve(UNLOCKED), folder.resolve(LOCK));
            return new OwnFolder(folder, lock);
        } catch (IOException failure) {
            abandon(folder, lock, above);
            throw ErrorCode.PATH_UNUSABLE
                    .error("the state of a task has no folder")
                    .where(above.toString())
                    .cause(failure.toString())
                    .help("make that folder writable, or name another one")
                    .toException(failure);
        }
    }

    /** So that nothing is left of a folder that could not be locked. */
    private static void abandon(Path folder, @Nullable FileChannel lock, Path above) {
        try (lock) {
            if (!folder.equals(above) && Files.isDirectory(folder)) {
                FolderLock.delete(folder);
            }
        } catch (IOException stays) {
            LOG.debug("the folder {} could not be deleted", folder, stays);
        } finally {
            OWN.remove(folder);
        }
    }

    /** Deletes what tasks of killed processes have left in all folders of such folders. @param all where they are */
    public static void sweepAll(Path all) {
        try (DirectoryStream<Path> kinds = Files.newDirectoryStream(all)) {
            for (Path kind : kinds) {
                if (Files.isDirectory(kind)) {
                    sweep(kind.toRealPath());
                }
            }
        } catch (NoSuchFileException nothingYet) {
            LOG.trace("there is no {}", all);
        } catch (IOException | DirectoryIteratorException stays) {
            LOG.debug("not all of {} could be swept", all, stays);
        }
    }

    /** What cannot be deleted, such as another user's, is no trouble of this task. */
    private static void sweep(Path above) {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(above)) {
            for (Path sibling : siblings) {
                if (!OWN.contains(sibling) && isLeft(sibling)) {
                    LOG.info("deleting {}, which a task left whose process was killed", sibling);
                    FolderLock.delete(sibling);
                }
            }
        } catch (IOException | DirectoryIteratorException stays) {
            LOG.debug("not all of {} could be swept", above, stays);
        }
    }

    private static boolean isLeft(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(LOCK))) {
            return FolderLock.isLeft(folder.resolve(LOCK));
        }
        Path unlocked = folder.resolve(UNLOCKED);
        return Files.isRegularFile(unlocked)
                && Files.getLastModifiedTime(unlocked).toMillis() < Clock.SYSTEM.wallMillis() - LOCKED_BY_THEN_MILLIS
                && FolderLock.isLeft(unlocked);
    }

    public Path path() {
        return folder;
    }

    @Override
    public void close() {
        try (lock) {
            FolderLock.delete(folder);
        } catch (IOException stays) {
            LOG.warn("the folder {} could not be deleted: {}", folder, stays.toString());
        } finally {
            OWN.remove(folder);
        }
    }
}
