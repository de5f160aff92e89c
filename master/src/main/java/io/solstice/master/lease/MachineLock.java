package io.solstice.master.lease;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock of the operating system beside a journal on this machine, which ends with the process that holds it: who gets
 * it knows that an earlier holder is no more, and need not wait. It only saves time; a leader may be without it. Used
 * by one thread.
 */
public final class MachineLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineLock.class);
    private static final Path STARTED = Path.of("/proc/sys/kernel/random/boot_id");

    private final Optional<Path> file;
    private @Nullable FileChannel channel;

    /** @param directory of the journal; nothing if that is not on this machine */
    public MachineLock(Optional<Path> directory) {
        this.file = directory.map(folder -> folder.resolve("leader.lock"));
    }

    /** Unlike that of other machines, and of this one before it was started; empty where the system does not say. */
    public static String machine() {
        try {
            return Files.readString(STARTED).strip();
        } catch (IOException notLinux) {
            return "";
        }
    }

    /** Whether this process holds it from now on. */
    boolean take() {
        if (channel != null) {
            return true;
        }
        if (file.isEmpty()) {
            return false;
        }
        try {
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            FileChannel opened = FileChannel.open(file.get(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = isLocked(opened) ? opened : null;
            if (channel == null) {
                opened.close();
            }
        } catch (IOException without) {
            LOG.debug("no lock on {}", file.get(), without);
        }
        return channel != null;
    }

    private static boolean isLocked(FileChannel opened) throws IOException {
        try {
            FileLock lock = opened.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** Takes the lock if that shows that the leader's process has ended. */
    boolean provesTheEndOf(Candidate leader) {
        return leader.locked()
                && !leader.machine().isEmpty()
                && leader.machine().equals(machine())
                && take();
    }

    void release() {
        FileChannel held = channel;
        channel = null;
        if (held != null) {
            try {
                held.close();
            } catch (IOException ended) {
                LOG.debug("the lock on {} is gone anyway", file, ended);
            }
        }
    }

    @Override
    public void close() {
        release();
    }
}
