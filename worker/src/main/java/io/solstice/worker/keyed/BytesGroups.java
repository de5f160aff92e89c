package io.solstice.worker.keyed;

import io.solstice.common.error.ErrorCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Keys of any columns, as the bytes that {@link KeyBytes} makes of them: open addressing with linear probing, at most
 * half full. A slot holds half of the hash and the group + 1, so that bytes are compared only where they are equal but
 * for a rare accident; the bytes lie one behind the other, in the order of the groups.
 */
sealed class BytesGroups extends GroupTable permits TextGroups {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LEAST_SLOTS = 16;
    private static final long GROUP = 0xffff_ffffL;
    /** Of a slot without a group. */
    static final int EMPTY = -1;
    /** Of a slot with a group of another hash. */
    private static final int OTHER = -2;

    private final KeyBytes encoding;
    private static final int LARGEST = 1 << 30;

    private long[] slots;
    private int[] hashes;
    /** Where the bytes of each group begin, and the end of the last. */
    private int[] offsets;

    private byte[] bytes;
    private int size;

    BytesGroups(List<Field> keys, int expected) {
        int count = Integer.highestOneBit(Math.max(LEAST_SLOTS, Math.min(expected, 1 << 28) * 2 - 1)) << 1;
        encoding = KeyBytes.of(keys);
        slots = new long[count];
        hashes = new int[Math.max(LEAST_SLOTS, expected)];
        offsets = new int[hashes.length + 1];
        bytes = new byte[hashes.length * 8];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void assign(FieldVector[] keys, int rows, int[] groups) {
        encoding.encode(keys, rows);
        byte[] from = encoding.bytes();
        int[] ends = encoding.offsets();
        for (int i = 0; i < rows; i++) {
            int length = ends[i + 1] - ends[i];
            int hash = hash(from, ends[i], length);
            int group = find(hash, from, ends[i], length);
            groups[i] = group >= 0 ? group : insert(~group, hash, from, ends[i], length);
        }
    }

    @Override
    public void assign(GroupTable other, int[] picks, int from, int count, int[] groups) {
        BytesGroups there = (BytesGroups) other;
        for (int i = 0; i < count; i++) {
            int pick = picks[from + i];
            int at = there.offsets[pick];
            int length = there.offsets[pick + 1] - at;
            int group = find(there.hashes[pick], there.bytes, at, length);
            groups[i] = group >= 0 ? group : insert(~group, there.hashes[pick], there.bytes, at, length);
        }
    }

    @Override
    public void find(FieldVector[] keys, int rows, int[] groups) {
        encoding.encode(keys, rows);
        byte[] from = encoding.bytes();
        int[] ends = encoding.offsets();
        for (int i = 0; i < rows; i++) {
            int length = ends[i + 1] - ends[i];
            groups[i] = Math.max(-1, find(hash(from, ends[i], length), from, ends[i], length));
        }
    }

    @Override
    public void find(GroupTable other, int[] picks, int from, int count, int[] groups) {
        BytesGroups there = (BytesGroups) other;
        for (int i = 0; i < count; i++) {
            int pick = picks[from + i];
            int at = there.offsets[pick];
            groups[i] = Math.max(-1, find(there.hashes[pick], there.bytes, at, there.offsets[pick + 1] - at));
        }
    }

    /** The group, or the complement of the slot where it would be. */
    private int find(int hash, byte[] from, int at, int length) {
        int slot = firstSlot(hash);
        while (true) {
            int group = groupAt(slot, hash);
            if (group == EMPTY) {
                return ~slot;
            }
            if (group >= 0 && keySize(group) == length && same(offsets[group], from, at, length)) {
                return group;
            }
            slot = nextSlot(slot);
        }
    }

    final int firstSlot(int hash) {
        return hash & (slots.length - 1);
    }

    final int nextSlot(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    /** The group in a slot, if it has that hash; {@link #EMPTY} or less if not. */
    final int groupAt(int slot, int hash) {
        long found = slots[slot];
        if (found == 0) {
            return EMPTY;
        }
        return (int) (found >>> 32) == hash ? (int) (found & GROUP) - 1 : OTHER;
    }

    /** The bytes of all keys. */
    final byte[] bytes() {
        return bytes;
    }

    final int keyStart(int group) {
        return offsets[group];
    }

    final int keySize(int group) {
        return offsets[group + 1] - offsets[group];
    }

    private boolean same(int mine, byte[] from, int at, int length) {
        if (length > 64) {
            return Arrays.equals(bytes, mine, mine + length, from, at, at + length);
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if ((long) LONG.get(bytes, mine + i) != (long) LONG.get(from, at + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (bytes[mine + i] != from[at + i]) {
                return false;
            }
        }
        return true;
    }

    final int insert(int slot, int hash, byte[] from, int at, int length) {
        int group = size;
        room(length);
        slots[slot] = (long) hash << 32 | (group + 1);
        hashes[group] = hash;
        System.arraycopy(from, at, bytes, offsets[group], length);
        offsets[group + 1] = offsets[group] + length;
        size++;
        if (size * 2L > slots.length) {
            resize(2 * slots.length);
        }
        return group;
    }

    private void room(int length) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2 + 1);
        }
        long needed = (long) offsets[size] + length;
        if (needed > Integer.MAX_VALUE - 16) {
            throw ErrorCode.MEMORY_LIMIT
                    .error("the keys of one task have more than 2 GB")
                    .help("give the stage more tasks, or group by shorter keys")
                    .toException();
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, bytes.length * 2L)));
        }
    }

    @Override
    public void reserve(int expected) {
        int length = slots.length;
        while (length < 2L * expected && length < LARGEST) {
            length *= 2;
        }
        if (length > slots.length) {
            resize(length);
        }
    }

    private void resize(int length) {
        long[] larger = new long[length];
        int mask = larger.length - 1;
        // In the order of the slots, so that each part of the larger table is written from its beginning to its end.
        for (long content : slots) {
            if (content != 0) {
                int slot = (int) (content >>> 32) & mask;
                while (larger[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                larger[slot] = content;
            }
        }
        slots = larger;
    }

    static int hash(byte[] from, int at, int length) {
        long hash = length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = mix(hash ^ (long) LONG.get(from, at + i));
        }
        if (i < length) {
            long tail = 0;
            for (int shift = 0; i < length; i++, shift += 8) {
                tail |= (from[at + i] & 0xffL) << shift;
            }
            hash = mix(hash ^ tail);
        }
        return (int) (hash ^ (hash >>> 32));
    }

    static long mix(long value) {
        long v = value * 0x9e3779b97f4a7c15L;
        return (v ^ (v >>> 29)) * 0xbf58476d1ce4e5b9L;
    }

    @Override
    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }

    @Override
    public boolean isTooLarge() {
        return slots.length > 1024 && size * 16L < slots.length;
    }

    @Override
    public int compare(int one, int other) {
        return Arrays.compareUnsigned(bytes, offsets[one], offsets[one + 1], bytes, offsets[other], offsets[other + 1]);
    }

    @Override
    public int hash(int group) {
        return hashes[group];
    }

    @Override
    public void hashes(FieldVector[] keys, int rows, int[] to) {
        encoding.encode(keys, rows);
        byte[] from = encoding.bytes();
        int[] ends = encoding.offsets();
        for (int i = 0; i < rows; i++) {
            to[i] = hash(from, ends[i], ends[i + 1] - ends[i]);
        }
    }

    @Override
    public long heapBytes() {
        return 8L * slots.length + 8L * hashes.length + bytes.length;
    }

    @Override
    public void write(FieldVector[] keys, int[] picks, int from, int count) {
        for (int i = 0; i < count; i++) {
            int group = picks[from + i];
            encoding.decode(bytes, offsets[group], offsets[group + 1], keys, i);
        }
    }
}
