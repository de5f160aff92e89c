package io.solstice.connector.s3;

import java.io.InputStream;

/** A range of an object, fetched piece by piece. The first piece is there at once. */
final class S3RangeInput extends InputStream {
    private final S3ObjectStore store;
    private final String key;
    private long next;
    private long left;
    private byte[] piece;
    private int read;

    S3RangeInput(S3ObjectStore store, String key, long offset, long length) {
        this.store = store;
        this.key = key;
        S3ObjectStore.Piece first = store.piece(key, offset, length);
        this.piece = first.bytes();
        this.next = offset + piece.length;
        this.left = Math.max(0, Math.min(length, first.totalSize() - offset) - piece.length);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (read == piece.length) {
            if (left == 0) {
                return -1;
            }
            piece = store.piece(key, next, left).bytes();
            read = 0;
            next += piece.length;
            left = piece.length == 0 ? 0 : left - piece.length;
            if (piece.length == 0) {
                return -1;
            }
        }
        int count = Math.min(length, piece.length - read);
        System.arraycopy(piece, read, bytes, offset, count);
        read += count;
        return count;
    }
}
