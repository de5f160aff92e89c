package io.solstice.worker.userstate;

import io.solstice.worker.keyed.KeyBytes;

/** The keys of some rows as those of the entries of a store: a byte that says what the entry has, and the key. */
record Keys(KeyBytes bytes) {
    static final byte VALUES = 0;
    static final byte MOMENTS = 1;

    /** @param space {@link #VALUES} or {@link #MOMENTS} */
    byte[] entry(int row, byte space) {
        int from = bytes.offsets()[row];
        int length = bytes.offsets()[row + 1] - from;
        byte[] entry = new byte[1 + length];
        entry[0] = space;
        System.arraycopy(bytes.bytes(), from, entry, 1, length);
        return entry;
    }

    /** The other entry of the same key. */
    static byte[] in(byte[] entry, byte space) {
        byte[] other = entry.clone();
        other[0] = space;
        return other;
    }
}
