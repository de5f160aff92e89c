package io.solstice.common.store;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes one object, which is there when {@link #finish} returns. Closing it before throws away what was written. It
 * belongs to one thread at a time.
 */
public abstract class ObjectWriter extends OutputStream {
    private final String key;
    private final MessageDigest digest = Sha256.begin();
    private long size;
    private boolean ended;

    protected ObjectWriter(String key) {
        this.key = key;
    }

    /** Takes the next bytes, which the caller may then change. */
    protected abstract void append(byte[] bytes, int offset, int length) throws IOException;

    /** Makes the object visible and lasting, or finds out who was first. */
    protected abstract Outcome publish(ObjectRef written);

    /** Throws away what was written. */
    protected abstract void abort();

    @Override
    public final void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new IllegalStateException("object '" + key + "' has been finished or given up");
        }
        append(bytes, offset, length);
        digest.update(bytes, offset, length);
        size += length;
    }

    /** Bytes written so far. */
    public final long size() {
        return size;
    }

    /** Publishes what was written; called once. */
    public final Creation finish() {
        if (ended) {
            throw new IllegalStateException("object '" + key + "' has been finished or given up");
        }
        ended = true;
        ObjectRef written = new ObjectRef(key, size, HexFormat.of().formatHex(digest.digest()));
        return new Creation(publish(written), written);
    }

    @Override
    public final void close() {
        if (!ended) {
            ended = true;
            abort();
        }
    }
}
