package io.solstice.bench.window;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;

/** Count, sum and max by a text and tumbling window: texts are hashed and compared where they lie, and kept as they are. */
final class HandTexts {
    private static final int BYTES = 24;

    private final byte[] texts = new byte[BYTES << 18];
    private final int[] lengths = new int[1 << 18];
    private final long[] counts = new long[1 << 18];
    private final long[] sums = new long[1 << 18];
    private final long[] greatest = new long[1 << 18];

    static long tumbling(List<Batch> batches, long size) {
        return new HandTexts().run(batches, size);
    }

    private long run(List<Batch> batches, long size) {
        long checksum = 0;
        long end = size;
        for (Batch batch : batches) {
            long offsets = batch.column(1).getOffsetBuffer().memoryAddress();
            long data = batch.column(1).getDataBuffer().memoryAddress();
            long prices = batch.column(2).getDataBuffer().memoryAddress();
            long times = batch.column(3).getDataBuffer().memoryAddress();
            for (int i = 0; i < batch.rowCount(); i++) {
                long time = MemoryUtil.getLong(times + 8L * i);
                if (time >= end) {
                    checksum += flush();
                    end = time / size * size + size;
                }
                int from = MemoryUtil.getInt(offsets + 4L * i);
                int length = MemoryUtil.getInt(offsets + 4L * i + 4) - from;
                add(data + from, length, MemoryUtil.getLong(prices + 8L * i));
            }
        }
        return checksum + flush();
    }

    private void add(long address, int length, long price) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + MemoryUtil.getByte(address + i);
        }
        int slot = (int) (hash * 0x9e3779b97f4a7c15L >>> 64 - 18);
        while (counts[slot] != 0 && !is(slot, address, length)) {
            slot = slot + 1 & counts.length - 1;
        }
        if (counts[slot] == 0) {
            lengths[slot] = length;
            greatest[slot] = Long.MIN_VALUE;
            for (int i = 0; i < length; i++) {
                texts[slot * BYTES + i] = MemoryUtil.getByte(address + i);
            }
        }
        counts[slot]++;
        sums[slot] += price;
        greatest[slot] = Math.max(greatest[slot], price);
    }

    private boolean is(int slot, long address, int length) {
        if (lengths[slot] != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (texts[slot * BYTES + i] != MemoryUtil.getByte(address + i)) {
                return false;
            }
        }
        return true;
    }

    private long flush() {
        long checksum = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            if (counts[slot] != 0) {
                checksum += counts[slot] + sums[slot] + greatest[slot];
                counts[slot] = 0;
                sums[slot] = 0;
            }
        }
        return checksum;
    }
}
