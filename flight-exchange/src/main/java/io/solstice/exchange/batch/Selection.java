package io.solstice.exchange.batch;

import java.util.Arrays;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Chosen rows of a batch, as runs of neighbouring rows in rising order. Filters mostly keep or drop stretches of rows,
 * and a stretch is copied many times faster than single rows. Reused from batch to batch, so that it allocates only to
 * grow.
 */
public final class Selection {
    private int[] starts = new int[64];
    private int[] lengths = new int[64];
    private int runs;
    private int rowCount;

    public void clear() {
        runs = 0;
        rowCount = 0;
    }

    /** Adds one row, which must not lie before the last one. */
    public void add(int row) {
        addRun(row, 1);
    }

    /** Adds rows {@code start} to {@code start + length}, none of which may lie before the last one. */
    public void addRun(int start, int length) {
        if (length == 0) {
            return;
        }
        rowCount += length;
        if (runs > 0 && starts[runs - 1] + lengths[runs - 1] == start) {
            lengths[runs - 1] += length;
            return;
        }
        if (runs == starts.length) {
            starts = Arrays.copyOf(starts, runs * 2);
            lengths = Arrays.copyOf(lengths, runs * 2);
        }
        starts[runs] = start;
        lengths[runs] = length;
        runs++;
    }

    /** Chooses the rows whose bit is set. The bitmap must be readable in whole 8-byte words. */
    public void fromBitmap(long address, int bits) {
        clear();
        int words = (bits + 63) >>> 6;
        for (int w = 0; w < words; w++) {
            long word = MemoryUtil.getLong(address + ((long) w << 3));
            int base = w << 6;
            if (base + 64 > bits) {
                word &= -1L >>> (base + 64 - bits);
            }
            while (word != 0) {
                int skip = Long.numberOfTrailingZeros(word);
                int length = Long.numberOfTrailingZeros(~(word >>> skip));
                length = Math.min(length, 64 - skip);
                addRun(base + skip, length);
                word = skip + length == 64 ? 0 : word & (-1L << (skip + length));
            }
        }
    }

    /** Runs of neighbouring rows. */
    public int runCount() {
        return runs;
    }

    public int start(int run) {
        return starts[run];
    }

    public int length(int run) {
        return lengths[run];
    }

    /** Chosen rows in all. */
    public int rowCount() {
        return rowCount;
    }
}
