package io.solstice.common.store.local;

import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a draft beside the object's place, syncs it, links it there and syncs the directory, in this order: what is
 * visible is whole and on the disk. The draft is the same file as the object if this writer won, which also settles a
 * link whose answer was an error. A sync that failed is not repeated, for the system may have forgotten what was not
 * written (https://wiki.postgresql.org/wiki/Fsync_Errors).
 */
final class LocalObjectWriter extends ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LocalObjectWriter.class);

    private final LocalObjectStore store;
    private final Disk disk;
    private final String key;
    private final Path target;
    private final Path draft;
    private final FileChannel out;

    LocalObjectWriter(LocalObjectStore store, Disk disk, String key, Path target, Path draft, FileChannel out) {
        super(key);
        this.store = store;
        this.disk = disk;
        this.key = key;
        this.target = target;
        this.draft = draft;
        this.out = out;
    }

    @Override
    protected void append(byte[] bytes, int offset, int length) {
        try {
            // The JDK copies what a channel is to write into memory outside the heap, and keeps as much for the thread.
            int end = offset + length;
            for (int at = offset; at < end; ) {
                at += out.write(ByteBuffer.wrap(bytes, at, Math.min(ObjectStore.PIECE_BYTES, end - at)));
            }
        } catch (IOException failure) {
            throw LocalObjectStore.failed("write", key, failure);
        }
    }

    @Override
    protected Outcome publish(ObjectRef written) {
        try (FileChannel file = out) {
            disk.sync(file);
            boolean won = link();
            Files.deleteIfExists(draft);
            disk.syncDirectory(LocalObjectStore.directoryOf(target));
            if (won) {
                return Outcome.CREATED;
            }
        } catch (IOException failure) {
            abort();
            throw LocalObjectStore.failed("write", key, failure);
        }
        return store.holds(written) ? Outcome.SAME : Outcome.TAKEN;
    }

    private boolean link() throws IOException {
        try {
            disk.link(target, draft);
            return true;
        } catch (IOException refused) {
            // Over a network, a link that was made may be reported as an error.
            if (Files.exists(target) && Files.isSameFile(target, draft)) {
                return true;
            }
            if (refused instanceof FileAlreadyExistsException && Files.isRegularFile(target)) {
                return false;
            }
            throw refused;
        }
    }

    @Override
    protected void abort() {
        try {
            out.close();
            Files.deleteIfExists(draft);
        } catch (IOException left) {
            LOG.debug("left for the sweep", left);
        }
    }
}
