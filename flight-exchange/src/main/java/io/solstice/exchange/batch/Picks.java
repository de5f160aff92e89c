package io.solstice.exchange.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Rows of several batches with equal columns, in any order and as often as wanted, and rows that are missing in all of
 * them, which become nulls: what a join puts together. Reused, so that it allocates only to grow. Used by one thread.
 */
public final class Picks {
    private static final int MISSING = -1;

    private int[] sources = new int[64];
    private int[] rows = new int[64];
    private int count;

    public void clear() {
        count = 0;
    }

    public int count() {
        return count;
    }

    /** @param source the place of the row's batch among those that are given to {@link #column} */
    public void add(int source, int row) {
        if (count == rows.length) {
            sources = Arrays.copyOf(sources, count * 2);
            rows = Arrays.copyOf(rows, count * 2);
        }
        sources[count] = source;
        rows[count++] = row;
    }

    public void addMissing() {
        add(MISSING, 0);
    }

    /** Whether the row at a place is missing. */
    public boolean isMissing(int at) {
        return sources[at] == MISSING;
    }

    /** The same picks, but those of another at the places where this one has none, from batches behind its own. */
    public Picks orElse(Picks others, int sourcesBefore) {
        Picks both = new Picks();
        for (int i = 0; i < count; i++) {
            if (!isMissing(i)) {
                both.add(sources[i], rows[i]);
            } else if (others.isMissing(i)) {
                both.addMissing();
            } else {
                both.add(sourcesBefore + others.sources[i], others.rows[i]);
            }
        }
        return both;
    }

    /**
     * A new vector with the picked rows of one column.
     *
     * @param from that column of each batch, all of the field's type
     */
    public FieldVector column(List<? extends FieldVector> from, Field field, BufferAllocator allocator) {
        FieldVector to = field.createVector(allocator);
        try {
            copy(from.toArray(new FieldVector[0]), to);
            to.setValueCount(count);
            return to;
        } catch (RuntimeException | Error failure) {
            to.close();
            throw failure;
        }
    }

    /** Copies the picked rows of vectors into one that is empty. */
    void copy(FieldVector[] from, FieldVector to) {
        if (to instanceof NullVector) {
            return;
        }
        if (count == 0) {
            Gather.allocateEmpty(to);
        } else if (to instanceof BitVector bits) {
            bits.allocateNew(count);
            bits.getDataBuffer().setZero(0, BitVectorHelper.getValidityBufferSizeFromCount(count));
            copyValidity(from, bits.getValidityBuffer());
            for (int i = 0; i < count; i++) {
                if (sources[i] != MISSING && BitVectorHelper.get(from[sources[i]].getDataBuffer(), rows[i]) != 0) {
                    BitVectorHelper.setBit(bits.getDataBuffer(), i);
                }
            }
        } else if (to instanceof BaseFixedWidthVector fixed) {
            fixed.allocateNew(count);
            copyValidity(from, fixed.getValidityBuffer());
            copyFixed(from, fixed);
        } else if (to instanceof BaseVariableWidthVector variable) {
            copyVariable(from, variable);
        } else if (to instanceof BaseVariableWidthViewVector views) {
            copyViews(from, views);
        } else if (to instanceof StructVector struct) {
            struct.setInitialCapacity(count);
            struct.allocateNew();
            copyValidity(from, struct.getValidityBuffer());
            for (int c = 0; c < struct.size(); c++) {
                FieldVector[] children = new FieldVector[from.length];
                for (int s = 0; s < from.length; s++) {
                    children[s] = (FieldVector) ((StructVector) from[s]).getChildByOrdinal(c);
                }
                FieldVector child = (FieldVector) struct.getChildByOrdinal(c);
                copy(children, child);
                child.setValueCount(count);
            }
        } else if (to instanceof ListVector list) {
            copyList(from, list);
        } else if (to instanceof LargeListVector list) {
            copyLargeList(from, list);
        } else if (to instanceof FixedSizeListVector list) {
            copyFixedSizeList(from, list);
        } else {
            copyRowByRow(from, to);
        }
    }

    private void copyValidity(FieldVector[] from, ArrowBuf to) {
        long bytes = BitVectorHelper.getValidityBufferSizeFromCount(count);
        boolean[] whole = new boolean[from.length];
        boolean all = true;
        for (int s = 0; s < from.length; s++) {
            whole[s] = Bitmaps.nullCount(from[s]) == 0;
            all &= whole[s];
        }
        for (int i = 0; i < count && all; i++) {
            all = sources[i] != MISSING;
        }
        if (all) {
            to.setOne(0, bytes);
            return;
        }
        to.setZero(0, bytes);
        for (int i = 0; i < count; i++) {
            int source = sources[i];
            if (source != MISSING
                    && (whole[source] || BitVectorHelper.get(from[source].getValidityBuffer(), rows[i]) != 0)) {
                BitVectorHelper.setBit(to, i);
            }
        }
    }

    private static long[] addresses(FieldVector[] from) {
        long[] addresses = new long[from.length];
        for (int s = 0; s < from.length; s++) {
            addresses[s] = from[s].getDataBuffer().memoryAddress();
        }
        return addresses;
    }

    private void copyFixed(FieldVector[] from, BaseFixedWidthVector to) {
        long[] addresses = addresses(from);
        long target = to.getDataBuffer().memoryAddress();
        int width = to.getTypeWidth();
        switch (width) {
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    long value = sources[i] == MISSING
                            ? 0
                            : MemoryUtil.getLong(addresses[sources[i]] + ((long) rows[i] << 3));
                    MemoryUtil.putLong(target + ((long) i << 3), value);
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    int value = sources[i] == MISSING
                            ? 0
                            : MemoryUtil.getInt(addresses[sources[i]] + ((long) rows[i] << 2));
                    MemoryUtil.putInt(target + ((long) i << 2), value);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    if (sources[i] == MISSING) {
                        MemoryUtil.setMemory(target + (long) i * width, width, (byte) 0);
                    } else {
                        MemoryUtil.copyMemory(
                                addresses[sources[i]] + (long) rows[i] * width, target + (long) i * width, width);
                    }
                }
            }
        }
    }

    private void copyVariable(FieldVector[] from, BaseVariableWidthVector to) {
        long[] offsets = new long[from.length];
        for (int s = 0; s < from.length; s++) {
            offsets[s] = from[s].getOffsetBuffer().memoryAddress();
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (sources[i] != MISSING) {
                long at = offsets[sources[i]] + ((long) rows[i] << 2);
                bytes += MemoryUtil.getInt(at + 4) - MemoryUtil.getInt(at);
            }
        }
        to.allocateNew(bytes, count);
        copyValidity(from, to.getValidityBuffer());
        long[] addresses = addresses(from);
        long toOffsets = to.getOffsetBuffer().memoryAddress();
        long toData = to.getDataBuffer().memoryAddress();
        int written = 0;
        MemoryUtil.putInt(toOffsets, 0);
        for (int i = 0; i < count; i++) {
            if (sources[i] != MISSING) {
                long at = offsets[sources[i]] + ((long) rows[i] << 2);
                int start = MemoryUtil.getInt(at);
                int length = MemoryUtil.getInt(at + 4) - start;
                MemoryUtil.copyMemory(addresses[sources[i]] + start, toData + written, length);
                written += length;
            }
            MemoryUtil.putInt(toOffsets + ((long) (i + 1) << 2), written);
        }
        to.setLastSet(count - 1);
    }

    /**
     * Copies the views, and the bytes they point at unless they are the most of what the sources have: those are shared,
     * and live as long as either.
     */
    private void copyViews(FieldVector[] from, BaseVariableWidthViewVector to) {
        BufferAllocator allocator = to.getAllocator();
        ViewBytes bytes = new ViewBytes(from, sources, rows, count, allocator);
        int width = BaseVariableWidthViewVector.ELEMENT_SIZE;
        try (ArrowBuf validity = allocator.buffer(BitVectorHelper.getValidityBufferSizeFromCount(count));
                ArrowBuf views = allocator.buffer((long) count * width);
                ArrowBuf own = allocator.buffer(bytes.copied())) {
            copyValidity(from, validity);
            views.setZero(0, (long) count * width);
            for (int i = 0; i < count; i++) {
                if (BitVectorHelper.get(validity, i) != 0) {
                    bytes.copyView(i, views.memoryAddress() + (long) i * width, own);
                }
            }
            // Of the bytes behind views those are written to files and wires that have been marked so.
            own.writerIndex(bytes.copied());
            List<ArrowBuf> buffers = new ArrayList<>(List.of(validity, views));
            buffers.addAll(bytes.copied() > 0 ? List.of(own) : bytes.shared());
            to.loadFieldBuffers(new ArrowFieldNode(count, 0), buffers);
        }
    }

    /** Lists and maps: the items of the picked lists are picks themselves. */
    private void copyList(FieldVector[] from, ListVector to) {
        to.setInitialCapacity(count);
        to.allocateNew();
        copyValidity(from, to.getValidityBuffer());
        FieldVector[] items = new FieldVector[from.length];
        for (int s = 0; s < from.length; s++) {
            items[s] = ((ListVector) from[s]).getDataVector();
        }
        ArrowBuf toOffsets = to.getOffsetBuffer();
        Picks inner = new Picks();
        toOffsets.setInt(0, 0);
        for (int i = 0; i < count; i++) {
            if (sources[i] != MISSING) {
                ArrowBuf offsets = from[sources[i]].getOffsetBuffer();
                int end = offsets.getInt((long) (rows[i] + 1) << 2);
                for (int at = offsets.getInt((long) rows[i] << 2); at < end; at++) {
                    inner.add(sources[i], at);
                }
            }
            toOffsets.setInt((long) (i + 1) << 2, inner.count);
        }
        to.setLastSet(count - 1);
        inner.copy(items, to.getDataVector());
        to.getDataVector().setValueCount(inner.count);
    }

    private void copyLargeList(FieldVector[] from, LargeListVector to) {
        to.setInitialCapacity(count);
        to.allocateNew();
        copyValidity(from, to.getValidityBuffer());
        FieldVector[] items = new FieldVector[from.length];
        for (int s = 0; s < from.length; s++) {
            items[s] = ((LargeListVector) from[s]).getDataVector();
        }
        ArrowBuf toOffsets = to.getOffsetBuffer();
        Picks inner = new Picks();
        toOffsets.setLong(0, 0);
        for (int i = 0; i < count; i++) {
            if (sources[i] != MISSING) {
                ArrowBuf offsets = from[sources[i]].getOffsetBuffer();
                long end = offsets.getLong((long) (rows[i] + 1) << 3);
                for (long at = offsets.getLong((long) rows[i] << 3); at < end; at++) {
                    inner.add(sources[i], (int) at);
                }
            }
            toOffsets.setLong((long) (i + 1) << 3, inner.count);
        }
        to.setLastSet(count - 1);
        inner.copy(items, to.getDataVector());
        to.getDataVector().setValueCount(inner.count);
    }

    private void copyFixedSizeList(FieldVector[] from, FixedSizeListVector to) {
        to.setInitialCapacity(count);
        to.allocateNew();
        copyValidity(from, to.getValidityBuffer());
        FieldVector[] items = new FieldVector[from.length];
        for (int s = 0; s < from.length; s++) {
            items[s] = ((FixedSizeListVector) from[s]).getDataVector();
        }
        int size = to.getListSize();
        Picks inner = new Picks();
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < size; k++) {
                inner.add(sources[i], rows[i] * size + k);
            }
        }
        inner.copy(items, to.getDataVector());
        to.getDataVector().setValueCount(inner.count);
    }

    /** Large texts and unions: Arrow's own row copy knows their layouts. */
    private void copyRowByRow(FieldVector[] from, FieldVector to) {
        to.setInitialCapacity(count);
        to.allocateNew();
        for (int i = 0; i < count; i++) {
            if (sources[i] == MISSING) {
                to.setNull(i);
            } else {
                to.copyFromSafe(rows[i], i, from[sources[i]]);
            }
        }
    }
}
