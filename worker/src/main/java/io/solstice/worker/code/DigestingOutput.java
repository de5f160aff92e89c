package io.solstice.worker.code;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes bytes on, computes their SHA-256, and refuses more of them than were promised. */
final class DigestingOutput extends OutputStream {
    private final OutputStream out;
    private final MessageDigest digest;
    private final long limit;
    private long count;

    DigestingOutput(OutputStream out, long limit) {
        this.out = out;
        this.limit = limit;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        count += length;
        if (count > limit) {
            throw new IOException("more than the promised " + limit + " bytes");
        }
        digest.update(bytes, from, length);
        out.write(bytes, from, length);
    }

    /** Of all bytes so far; starts anew. */
    String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
