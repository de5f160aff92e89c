package io.solstice.worker.expression;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;

/** Comparisons that generated loops call: of times in different units, and of bytes in memory. */
final class Comparisons {
    private Comparisons() {}

    /** Compares {@code coarse * units} with {@code fine}, also where the product does not fit. */
    static int compareUnits(long coarse, long fine, long units) {
        long whole = Math.floorDiv(fine, units);
        if (coarse != whole) {
            return coarse < whole ? -1 : 1;
        }
        return whole * units == fine ? 0 : -1;
    }

    /** Negative, zero or positive, as unsigned bytes. */
    static int compare(long a, int aLength, long b, int bLength) {
        int common = Math.min(aLength, bLength);
        for (int i = 0; i < common; i++) {
            int difference = (MemoryUtil.getByte(a + i) & 0xff) - (MemoryUtil.getByte(b + i) & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return aLength - bLength;
    }

    static int compare(long a, int aLength, byte[] b) {
        int common = Math.min(aLength, b.length);
        for (int i = 0; i < common; i++) {
            int difference = (MemoryUtil.getByte(a + i) & 0xff) - (b[i] & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return aLength - b.length;
    }

    static boolean equal(long a, int aLength, long b, int bLength) {
        return aLength == bLength && same(a, b, bLength);
    }

    static boolean equal(long a, int aLength, byte[] b) {
        return aLength == b.length && same(a, b);
    }

    static boolean startsWith(long a, int aLength, long b, int bLength) {
        return aLength >= bLength && same(a, b, bLength);
    }

    static boolean startsWith(long a, int aLength, byte[] b) {
        return aLength >= b.length && same(a, b);
    }

    static boolean endsWith(long a, int aLength, long b, int bLength) {
        return aLength >= bLength && same(a + aLength - bLength, b, bLength);
    }

    static boolean endsWith(long a, int aLength, byte[] b) {
        return aLength >= b.length && same(a + aLength - b.length, b);
    }

    static boolean contains(long a, int aLength, long b, int bLength) {
        for (int at = 0; at <= aLength - bLength; at++) {
            if (same(a + at, b, bLength)) {
                return true;
            }
        }
        return false;
    }

    static boolean contains(long a, int aLength, byte[] b) {
        for (int at = 0; at <= aLength - b.length; at++) {
            if (same(a + at, b)) {
                return true;
            }
        }
        return false;
    }

    /** The number of code points of UTF-8. */
    static int length(long a, int aLength) {
        int count = 0;
        for (int i = 0; i < aLength; i++) {
            count += (MemoryUtil.getByte(a + i) & 0xc0) != 0x80 ? 1 : 0;
        }
        return count;
    }

    private static boolean same(long a, long b, int length) {
        for (int i = 0; i < length; i++) {
            if (MemoryUtil.getByte(a + i) != MemoryUtil.getByte(b + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(long a, byte[] b) {
        for (int i = 0; i < b.length; i++) {
            if (MemoryUtil.getByte(a + i) != b[i]) {
                return false;
            }
        }
        return true;
    }

    /** A set of whole numbers, for {@code in} with many values. */
    static final class LongSet {
        private final long[] sorted;

        LongSet(List<Long> values) {
            sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        }

        boolean contains(long value) {
            return Arrays.binarySearch(sorted, value) >= 0;
        }
    }

    /** A set of texts, looked up without making a String. */
    static final class TextSet {
        private final byte[][] table;

        TextSet(List<byte[]> values) {
            table = new byte[Integer.highestOneBit(Math.max(1, values.size())) * 4][];
            for (byte[] value : values) {
                int hash = 0;
                for (byte b : value) {
                    hash = 31 * hash + b;
                }
                int at = slot(hash);
                while (table[at] != null) {
                    at = (at + 1) & (table.length - 1);
                }
                table[at] = value;
            }
        }

        boolean contains(long address, int length) {
            int hash = 0;
            for (int i = 0; i < length; i++) {
                hash = 31 * hash + MemoryUtil.getByte(address + i);
            }
            for (int at = slot(hash); table[at] != null; at = (at + 1) & (table.length - 1)) {
                if (equal(address, length, table[at])) {
                    return true;
                }
            }
            return false;
        }

        private int slot(int hash) {
            return (hash ^ (hash >>> 15)) & (table.length - 1);
        }
    }
}
