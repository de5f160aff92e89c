package io.solstice.worker.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that one thread writes and any number read from the start, while they grow and afterwards. The first of them
 * are kept in memory, the rest in a file. Here a lock is the honest means: readers wait for the writer.
 */
final class OutputLog implements WritableByteChannel {
    private static final long LOOK_AGAIN_SECONDS = 1;

    private final Path folder;
    private final int bufferBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private byte[] buffer = new byte[0];
    private int buffered;
    private @Nullable Path file;
    private @Nullable FileChannel spilled;
    private long written;
    private long published;
    private End end = End.NOT_YET;

    private enum End {
        NOT_YET,
        COMPLETE,
        BROKEN,
        GONE
    }

    /** @param folder where the file is made once it is needed, under a name that nobody can choose */
    OutputLog(Path folder, int bufferBytes) {
        this.folder = folder;
        this.bufferBytes = bufferBytes;
    }

    /** Readers see it once it is {@link #publish}ed. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        lock.lock();
        try {
            if (end == End.GONE) {
                throw new IOException("the output has been removed");
            }
            int room = Math.min(length, bufferBytes - buffered);
            if (room > 0) {
                if (buffered + room > buffer.length) {
                    long doubled = Math.max(buffer.length * 2L, buffered + room);
                    buffer = Arrays.copyOf(buffer, (int) Math.min(bufferBytes, doubled));
                }
                bytes.get(buffer, buffered, room);
                buffered += room;
            }
            while (bytes.hasRemaining()) {
                file().write(bytes);
            }
            written += length;
            return length;
        } finally {
            lock.unlock();
        }
    }

    private FileChannel file() throws IOException {
        FileChannel open = spilled;
        if (open == null) {
            Files.createDirectories(folder);
            file = Files.createTempFile(folder, "flight-", ".arrow");
            open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            spilled = open;
        }
        return open;
    }

    void publish() {
        lock.lock();
        try {
            published = written;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All has been written. */
    void complete() {
        end(End.COMPLETE);
    }

    /** The job ended before its output was complete. Does nothing to a complete one. */
    void abort() {
        end(End.BROKEN);
    }

    private void end(End how) {
        lock.lock();
        try {
            if (end == End.NOT_YET) {
                end = how;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets waiting readers look whether they are still wanted. */
    void wakeReaders() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for bytes behind that position.
     *
     * @return how many were read, or -1 at the end of a complete log
     */
    int read(long position, byte[] into, int offset, int length, BooleanSupplier unwanted) throws IOException {
        lock.lock();
        try {
            while (position >= published && end == End.NOT_YET && !unwanted.getAsBoolean()) {
                changed.await(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
            }
            if (end == End.GONE || unwanted.getAsBoolean()) {
                throw new IOException("the output is not kept any more");
            }
            if (position >= published) {
                if (end == End.BROKEN) {
                    throw new IOException("the job ended before its output was complete");
                }
                return -1;
            }
            return copy(position, into, offset, (int) Math.min(length, published - position));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("the worker ends", interrupted);
        } finally {
            lock.unlock();
        }
    }

    private int copy(long position, byte[] into, int offset, int length) throws IOException {
        if (position < buffered) {
            int count = (int) Math.min(length, buffered - position);
            System.arraycopy(buffer, (int) position, into, offset, count);
            return count;
        }
        return file().read(ByteBuffer.wrap(into, offset, length), position - buffered);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** Removes it; who still reads it is told. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            end = End.GONE;
            changed.signalAll();
            buffer = new byte[0];
            if (spilled != null) {
                spilled.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } finally {
            lock.unlock();
        }
    }
}
