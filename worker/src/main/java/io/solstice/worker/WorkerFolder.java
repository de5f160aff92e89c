package io.solstice.worker;

import io.solstice.common.error.ErrorCode;
import io.solstice.worker.store.FolderLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one worker process, which holds a lock on a file in it as long as it lives. One whose name was made up
 * goes with its process; what a process left that was killed is swept by the next one to start beside it, which knows it
 * by its free lock.
 */
final class WorkerFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerFolder.class);
    private static final String LOCK = "lock";
    /** Nobody will look for the folder again when its process is gone. */
    private static final String TEMPORARY_LOCK = "temporary.lock";
    /** In the folder above; held while folders appear and go, so that none is swept before it is locked. */
    private static final String TURN = ".turn";

    private final Path folder;
    private final boolean temporary;
    private final FileChannel channel;

    private WorkerFolder(Path folder, boolean temporary, FileChannel channel) {
        this.folder = folder;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Makes the folder if need be. */
    static WorkerFolder claim(Path folder, boolean temporary) {
        try {
            if (!temporary) {
                Files.createDirectories(folder);
                return new WorkerFolder(folder, false, locked(folder, LOCK));
            }
            Path above = folder.resolveSibling(".").toAbsolutePath().normalize();
            Files.createDirectories(folder);
            try (FileChannel turn = FolderLock.open(above.resolve(TURN));
                    FileLock held = turn.lock()) {
                Files.createDirectories(folder);
                FileChannel own = locked(folder, TEMPORARY_LOCK);
                sweep(above);
                return new WorkerFolder(folder, true, own);
            }
        } catch (IOException failure) {
            throw ErrorCode.PATH_UNUSABLE
                    .error("the worker cannot use " + folder)
                    .where("data_dir")
                    .cause(String.valueOf(failure))
                    .help("make the directory writable, or give another data_dir")
                    .toException(failure);
        }
    }

    private static FileChannel locked(Path folder, String name) throws IOException {
        FileChannel channel = FolderLock.open(folder.resolve(name));
        if (!FolderLock.isFree(channel)) {
            channel.close();
            throw ErrorCode.PATH_UNUSABLE
                    .error("another worker uses " + folder)
                    .where("worker_id")
                    .cause("the file " + name + " in it is locked by a living process")
                    .help("give each worker a worker_id of its own, or none")
                    .toException();
        }
        return channel;
    }

    private static void sweep(Path above) throws IOException {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(above)) {
            for (Path sibling : siblings) {
                if (Files.isRegularFile(sibling.resolve(TEMPORARY_LOCK))
                        && FolderLock.isLeft(sibling.resolve(TEMPORARY_LOCK))) {
                    LOG.info("deleting {}, which a worker left that was killed", sibling);
                    FolderLock.delete(sibling);
                }
            }
        }
    }

    /** Lets go of the folder, and deletes it if it is of no use to anybody else. */
    @Override
    public void close() {
        try (channel) {
            if (temporary) {
                FolderLock.delete(folder);
            }
        } catch (IOException stays) {
            LOG.warn("the folder {} could not be deleted: {}", folder, stays.toString());
        }
    }
}
