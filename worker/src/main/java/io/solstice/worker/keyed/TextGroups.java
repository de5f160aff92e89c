package io.solstice.worker.keyed;

import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Keys of one column of texts or bytes: {@link BytesGroups} without making the bytes of {@link KeyBytes} for each row.
 * Hashes, and what is kept of a key, are the same; rows are hashed and compared where they lie.
 */
final class TextGroups extends BytesGroups {
    /** What {@link KeyBytes} says before a text: that it is there, and its length. */
    private static final int PREFIX = 1 + Integer.BYTES;

    private static final int MISSING_HASH = hash(new byte[1], 0, 1);

    private final KeyTexts texts = new KeyTexts();
    private int[] rowHashes = new int[0];
    private byte[] key = new byte[64];

    TextGroups(List<Field> keys, int expected) {
        super(keys, expected);
    }

    @Override
    public void assign(FieldVector[] keys, int rows, int[] groups) {
        read(keys, rows);
        for (int i = 0; i < rows; i++) {
            int group = find(rowHashes[i], texts.start(i), texts.length(i));
            groups[i] = group >= 0 ? group : add(~group, i);
        }
    }

    @Override
    public void find(FieldVector[] keys, int rows, int[] groups) {
        read(keys, rows);
        for (int i = 0; i < rows; i++) {
            groups[i] = Math.max(-1, find(rowHashes[i], texts.start(i), texts.length(i)));
        }
    }

    @Override
    public void hashes(FieldVector[] keys, int rows, int[] to) {
        texts.read(keys[0], rows);
        hash(rows, to);
    }

    private void read(FieldVector[] keys, int rows) {
        if (rowHashes.length < rows) {
            rowHashes = new int[rows];
        }
        texts.read(keys[0], rows);
        hash(rows, rowHashes);
    }

    private void hash(int rows, int[] to) {
        for (int i = 0; i < rows; i++) {
            to[i] = texts.isMissing(i) ? MISSING_HASH : hash(texts.start(i), texts.length(i));
        }
    }

    /** As {@link BytesGroups#hash(byte[], int, int)} of the prefix and the text. */
    private static int hash(long start, int length) {
        long hash = PREFIX + length;
        long word = 1 | (long) length << Byte.SIZE;
        int i = Math.min(length, Long.BYTES - PREFIX);
        for (int b = 0; b < i; b++) {
            word |= (MemoryUtil.getByte(start + b) & 0xffL) << (PREFIX + b) * Byte.SIZE;
        }
        hash = mix(hash ^ word);
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = mix(hash ^ MemoryUtil.getLong(start + i));
        }
        if (i < length) {
            hash = mix(hash ^ tail(start, i, length));
        }
        return (int) (hash ^ (hash >>> 32));
    }

    private static long tail(long start, int from, int length) {
        if (length >= Long.BYTES) {
            return MemoryUtil.getLong(start + length - Long.BYTES) >>> (Long.BYTES - length + from) * Byte.SIZE;
        }
        long tail = 0;
        for (int i = from; i < length; i++) {
            tail |= (MemoryUtil.getByte(start + i) & 0xffL) << (i - from) * Byte.SIZE;
        }
        return tail;
    }

    /** The group, or the complement of the slot where it would be. @param length less than 0 if the key is missing */
    private int find(int hash, long start, int length) {
        int slot = firstSlot(hash);
        while (true) {
            int group = groupAt(slot, hash);
            if (group == EMPTY) {
                return ~slot;
            }
            if (group >= 0 && isKey(group, start, length)) {
                return group;
            }
            slot = nextSlot(slot);
        }
    }

    private boolean isKey(int group, long start, int length) {
        int size = keySize(group);
        return length < 0 ? size == 1 : size == PREFIX + length && same(keyStart(group) + PREFIX, start, length);
    }

    private boolean same(int mine, long start, int length) {
        byte[] kept = bytes();
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (MemoryUtil.getLong(kept, mine + i) != MemoryUtil.getLong(start + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (kept[mine + i] != MemoryUtil.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }

    private int add(int slot, int row) {
        int length = texts.length(row);
        if (length < 0) {
            return insert(slot, rowHashes[row], new byte[1], 0, 1);
        }
        int size = Math.addExact(PREFIX, length);
        if (key.length < size) {
            key = new byte[Math.max(size, (int) Math.min(Integer.MAX_VALUE - 16, key.length * 2L))];
        }
        KeyBytesColumn.putText(texts, row, key, 0);
        return insert(slot, rowHashes[row], key, 0, size);
    }
}
