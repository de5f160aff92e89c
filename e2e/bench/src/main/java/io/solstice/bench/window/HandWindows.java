package io.solstice.bench.window;

import io.solstice.exchange.batch.Batch;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;

/** Count, sum and max by a whole number and window, as one writes it for just that. Gives the checksum of the results. */
final class HandWindows {
    /** Open addressing: a key, and its count, sum and greatest price, four longs a slot. */
    private static final class Table {
        private long[] slots = new long[4 * 1024];
        private int shift = 64 - 10;
        private int size;

        void add(long key, long count, long sum, long max) {
            int mask = slots.length - 1;
            int at = slot(key);
            while (slots[at + 1] != 0 && slots[at] != key) {
                at = (at + 4) & mask;
            }
            if (slots[at + 1] == 0) {
                slots[at] = key;
                slots[at + 3] = Long.MIN_VALUE;
                size++;
            }
            slots[at + 1] += count;
            slots[at + 2] += sum;
            slots[at + 3] = Math.max(slots[at + 3], max);
            if (size * 8 > slots.length) {
                grow();
            }
        }

        private int slot(long key) {
            return (int) ((key ^ key >>> 32) * 0x9e3779b97f4a7c15L >>> shift) << 2;
        }

        private void grow() {
            long[] before = slots;
            slots = new long[before.length * 2];
            shift--;
            size = 0;
            for (int i = 0; i < before.length; i += 4) {
                if (before[i + 1] != 0) {
                    add(before[i], before[i + 1], before[i + 2], before[i + 3]);
                }
            }
        }

        void addAll(Table other) {
            for (int i = 0; i < other.slots.length; i += 4) {
                if (other.slots[i + 1] != 0) {
                    add(other.slots[i], other.slots[i + 1], other.slots[i + 2], other.slots[i + 3]);
                }
            }
        }

        long checksum() {
            long checksum = 0;
            for (int i = 0; i < slots.length; i += 4) {
                if (slots[i + 1] != 0) {
                    checksum += slots[i + 1] + slots[i + 2] + slots[i + 3];
                }
            }
            return checksum;
        }

        void clear() {
            Arrays.fill(slots, 0);
            size = 0;
        }
    }

    private HandWindows() {}

    static long tumbling(List<Batch> batches, long size) {
        Table table = new Table();
        long checksum = 0;
        long end = size;
        for (Batch batch : batches) {
            long keys = batch.column(0).getDataBuffer().memoryAddress();
            long prices = batch.column(2).getDataBuffer().memoryAddress();
            long times = batch.column(3).getDataBuffer().memoryAddress();
            for (long i = 0; i < batch.rowCount() * 8L; i += 8) {
                long time = MemoryUtil.getLong(times + i);
                if (time >= end) {
                    checksum += table.checksum();
                    table.clear();
                    end = time / size * size + size;
                }
                long price = MemoryUtil.getLong(prices + i);
                table.add(MemoryUtil.getLong(keys + i), 1, price, price);
            }
        }
        return checksum + table.checksum();
    }

    /** @param count of slides in a window */
    static long sliding(List<Batch> batches, long slide, int count) {
        Table[] slices = new Table[count];
        Arrays.setAll(slices, i -> new Table());
        long checksum = 0;
        long current = 0;
        for (Batch batch : batches) {
            long keys = batch.column(0).getDataBuffer().memoryAddress();
            long prices = batch.column(2).getDataBuffer().memoryAddress();
            long times = batch.column(3).getDataBuffer().memoryAddress();
            for (long i = 0; i < batch.rowCount() * 8L; i += 8) {
                long time = MemoryUtil.getLong(times + i);
                while (time >= (current + 1) * slide) {
                    checksum += sum(slices);
                    slices[(int) (++current % count)].clear();
                }
                long price = MemoryUtil.getLong(prices + i);
                slices[(int) (current % count)].add(MemoryUtil.getLong(keys + i), 1, price, price);
            }
        }
        for (int i = 0; i < count; i++) {
            checksum += sum(slices);
            slices[(int) (++current % count)].clear();
        }
        return checksum;
    }

    private static long sum(Table[] slices) {
        Table sum = new Table();
        for (Table slice : slices) {
            sum.addAll(slice);
        }
        return sum.checksum();
    }

    /** A slot has the time of the last row in place of the greatest price, which is not asked for. */
    static long sessions(List<Batch> batches, long gap, int keys) {
        int bits = 33 - Integer.numberOfLeadingZeros(keys);
        long[] slots = new long[4 << bits];
        long checksum = 0;
        for (Batch batch : batches) {
            long numbers = batch.column(0).getDataBuffer().memoryAddress();
            long prices = batch.column(2).getDataBuffer().memoryAddress();
            long times = batch.column(3).getDataBuffer().memoryAddress();
            for (long i = 0; i < batch.rowCount() * 8L; i += 8) {
                long key = MemoryUtil.getLong(numbers + i);
                long time = MemoryUtil.getLong(times + i);
                int at = (int) ((key ^ key >>> 32) * 0x9e3779b97f4a7c15L >>> 64 - bits) << 2;
                while (slots[at + 1] != 0 && slots[at] != key) {
                    at = at + 4 & slots.length - 1;
                }
                if (slots[at + 1] == 0 || time - slots[at + 3] >= gap) {
                    checksum += slots[at + 1] + slots[at + 2];
                    slots[at] = key;
                    slots[at + 1] = 0;
                    slots[at + 2] = 0;
                }
                slots[at + 1]++;
                slots[at + 2] += MemoryUtil.getLong(prices + i);
                slots[at + 3] = time;
            }
        }
        for (int at = 0; at < slots.length; at += 4) {
            checksum += slots[at + 1] + slots[at + 2];
        }
        return checksum;
    }
}
