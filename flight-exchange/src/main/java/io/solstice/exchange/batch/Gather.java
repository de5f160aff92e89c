package io.solstice.exchange.batch;

import java.util.ArrayList;
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

/** Copies chosen rows into new vectors, run by run where the layout allows it. */
public final class Gather {
    /** Below this many bytes a loop is faster than a call to copy memory. */
    private static final int SHORT_RUN_BYTES = 48;

    private Gather() {}

    /** A new batch with the chosen rows of all columns; the given batch stays the caller's. */
    public static Batch rows(Batch batch, Selection selection, BufferAllocator allocator) {
        if (selection.rowCount() == batch.rowCount()) {
            return batch.share();
        }
        List<FieldVector> vectors = new ArrayList<>(batch.columnCount());
        try {
            for (int i = 0; i < batch.columnCount(); i++) {
                vectors.add(column(batch.column(i), selection, allocator));
            }
            return Batch.of(batch.schema(), vectors, selection.rowCount());
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** A new vector with the chosen rows. */
    public static FieldVector column(FieldVector from, Selection selection, BufferAllocator allocator) {
        FieldVector to = from.getField().createVector(allocator);
        try {
            copy(from, to, selection);
            to.setValueCount(selection.rowCount());
            return to;
        } catch (RuntimeException | Error failure) {
            to.close();
            throw failure;
        }
    }

    private static void copy(FieldVector from, FieldVector to, Selection selection) {
        if (from instanceof NullVector) {
            return;
        }
        if (selection.rowCount() == 0) {
            allocateEmpty(to);
            return;
        }
        if (from instanceof BitVector bits) {
            BitVector target = (BitVector) to;
            target.allocateNew(selection.rowCount());
            Bitmaps.gather(bits.getDataBuffer(), target.getDataBuffer(), selection);
            copyValidity(from, target.getValidityBuffer(), selection);
        } else if (from instanceof BaseFixedWidthVector fixed) {
            BaseFixedWidthVector target = (BaseFixedWidthVector) to;
            target.allocateNew(selection.rowCount());
            boolean allNull = copyValidity(from, target.getValidityBuffer(), selection);
            if (!allNull) {
                copyFixed(fixed.getDataBuffer(), target.getDataBuffer(), fixed.getTypeWidth(), selection);
            }
        } else if (from instanceof BaseVariableWidthVector variable) {
            copyVariable(variable, (BaseVariableWidthVector) to, selection);
        } else if (from instanceof BaseVariableWidthViewVector views) {
            if (ViewBytes.isForeign(views, to.getAllocator())) {
                copyForeign(from, to, selection);
            } else {
                copyViews(views, (BaseVariableWidthViewVector) to, selection);
            }
        } else if (from instanceof StructVector struct) {
            StructVector target = (StructVector) to;
            target.setInitialCapacity(selection.rowCount());
            target.allocateNew();
            copyValidity(from, target.getValidityBuffer(), selection);
            for (int i = 0; i < struct.size(); i++) {
                FieldVector child = (FieldVector) target.getChildByOrdinal(i);
                copy((FieldVector) struct.getChildByOrdinal(i), child, selection);
                child.setValueCount(selection.rowCount());
            }
        } else if (from instanceof FixedSizeListVector list) {
            copyFixedSizeList(list, (FixedSizeListVector) to, selection);
        } else if (from instanceof ListVector list) {
            copyList(list, (ListVector) to, selection);
        } else if (from instanceof LargeListVector list) {
            copyLargeList(list, (LargeListVector) to, selection);
        } else {
            copyRowByRow(from, to, selection);
        }
    }

    /** Copies the views alone; the bytes they point at are shared with the source, and live as long as either. */
    private static void copyViews(
            BaseVariableWidthViewVector from, BaseVariableWidthViewVector to, Selection selection) {
        int rows = selection.rowCount();
        BufferAllocator allocator = to.getAllocator();
        try (ArrowBuf validity = allocator.buffer(BitVectorHelper.getValidityBufferSizeFromCount(rows));
                ArrowBuf views = allocator.buffer((long) rows * BaseVariableWidthViewVector.ELEMENT_SIZE)) {
            if (!copyValidity(from, validity, selection)) {
                copyFixed(from.getDataBuffer(), views, BaseVariableWidthViewVector.ELEMENT_SIZE, selection);
            }
            List<ArrowBuf> buffers = new ArrayList<>(List.of(validity, views));
            buffers.addAll(from.getDataBuffers());
            to.loadFieldBuffers(new ArrowFieldNode(rows, 0), buffers);
        }
    }

    private static void copyForeign(FieldVector from, FieldVector to, Selection selection) {
        Picks picks = new Picks();
        for (int run = 0; run < selection.runCount(); run++) {
            for (int row = selection.start(run); row < selection.start(run) + selection.length(run); row++) {
                picks.add(0, row);
            }
        }
        picks.copy(new FieldVector[] {from}, to);
    }

    /** For no rows. Writing a list to a file or a wire needs its one offset even then. */
    static void allocateEmpty(FieldVector vector) {
        vector.setInitialCapacity(1);
        vector.allocateNew();
    }

    /** Large texts and unions: Arrow's own row copy knows their layouts. It does not know all nested lists. */
    private static void copyRowByRow(FieldVector from, FieldVector to, Selection selection) {
        to.setInitialCapacity(selection.rowCount());
        to.allocateNew();
        int row = 0;
        for (int run = 0; run < selection.runCount(); run++) {
            int end = selection.start(run) + selection.length(run);
            for (int at = selection.start(run); at < end; at++) {
                to.copyFromSafe(at, row++, from);
            }
        }
    }

    private static void copyFixedSizeList(FixedSizeListVector from, FixedSizeListVector to, Selection selection) {
        int size = from.getListSize();
        Selection items = new Selection();
        for (int run = 0; run < selection.runCount(); run++) {
            items.addRun(selection.start(run) * size, selection.length(run) * size);
        }
        to.setInitialCapacity(selection.rowCount());
        to.allocateNew();
        copyValidity(from, to.getValidityBuffer(), selection);
        copy(from.getDataVector(), to.getDataVector(), items);
        to.getDataVector().setValueCount(items.rowCount());
    }

    /** Lists and maps: the items of a run of rows are a run of items. */
    private static void copyList(ListVector from, ListVector to, Selection selection) {
        to.setInitialCapacity(selection.rowCount());
        to.allocateNew();
        copyValidity(from, to.getValidityBuffer(), selection);
        ArrowBuf offsets = from.getOffsetBuffer();
        ArrowBuf toOffsets = to.getOffsetBuffer();
        Selection items = new Selection();
        int row = 0;
        toOffsets.setInt(0, 0);
        for (int run = 0; run < selection.runCount(); run++) {
            int start = selection.start(run);
            int end = start + selection.length(run);
            int first = offset(offsets, start);
            int shift = items.rowCount() - first;
            items.addRun(first, offset(offsets, end) - first);
            for (int at = start + 1; at <= end; at++) {
                toOffsets.setInt((long) ++row << 2, offset(offsets, at) + shift);
            }
        }
        to.setLastSet(row - 1);
        copy(from.getDataVector(), to.getDataVector(), items);
        to.getDataVector().setValueCount(items.rowCount());
    }

    private static void copyLargeList(LargeListVector from, LargeListVector to, Selection selection) {
        to.setInitialCapacity(selection.rowCount());
        to.allocateNew();
        copyValidity(from, to.getValidityBuffer(), selection);
        ArrowBuf offsets = from.getOffsetBuffer();
        ArrowBuf toOffsets = to.getOffsetBuffer();
        Selection items = new Selection();
        int row = 0;
        toOffsets.setLong(0, 0);
        for (int run = 0; run < selection.runCount(); run++) {
            int start = selection.start(run);
            int end = start + selection.length(run);
            long first = offsets.getLong((long) start << 3);
            long shift = items.rowCount() - first;
            items.addRun((int) first, (int) (offsets.getLong((long) end << 3) - first));
            for (int at = start + 1; at <= end; at++) {
                toOffsets.setLong((long) ++row << 3, offsets.getLong((long) at << 3) + shift);
            }
        }
        to.setLastSet(row - 1);
        copy(from.getDataVector(), to.getDataVector(), items);
        to.getDataVector().setValueCount(items.rowCount());
    }

    private static void copyVariable(BaseVariableWidthVector from, BaseVariableWidthVector to, Selection selection) {
        ArrowBuf offsets = from.getOffsetBuffer();
        long bytes = 0;
        for (int run = 0; run < selection.runCount(); run++) {
            int start = selection.start(run);
            bytes += offset(offsets, start + selection.length(run)) - offset(offsets, start);
        }
        to.allocateNew(bytes, selection.rowCount());
        copyValidity(from, to.getValidityBuffer(), selection);
        long toOffsets = to.getOffsetBuffer().memoryAddress();
        long toData = to.getDataBuffer().memoryAddress();
        long fromOffsets = offsets.memoryAddress();
        long fromData = from.getDataBuffer().memoryAddress();
        int written = 0;
        int row = 0;
        MemoryUtil.putInt(toOffsets, 0);
        for (int run = 0; run < selection.runCount(); run++) {
            int start = selection.start(run);
            int length = selection.length(run);
            int first = MemoryUtil.getInt(fromOffsets + ((long) start << 2));
            int last = MemoryUtil.getInt(fromOffsets + ((long) (start + length) << 2));
            MemoryUtil.copyMemory(fromData + first, toData + written, last - first);
            int shift = written - first;
            for (int i = 1; i <= length; i++) {
                int end = MemoryUtil.getInt(fromOffsets + ((long) (start + i) << 2)) + shift;
                MemoryUtil.putInt(toOffsets + ((long) (row + i) << 2), end);
            }
            row += length;
            written += last - first;
        }
        to.setLastSet(selection.rowCount() - 1);
    }

    private static int offset(ArrowBuf offsets, int row) {
        return offsets.getInt((long) row << 2);
    }

    private static void copyFixed(ArrowBuf from, ArrowBuf to, int width, Selection selection) {
        long source = from.memoryAddress();
        long target = to.memoryAddress();
        for (int run = 0; run < selection.runCount(); run++) {
            long at = source + (long) selection.start(run) * width;
            long bytes = (long) selection.length(run) * width;
            if (bytes > SHORT_RUN_BYTES) {
                MemoryUtil.copyMemory(at, target, bytes);
            } else if ((width & 7) == 0) {
                for (long b = 0; b < bytes; b += 8) {
                    MemoryUtil.putLong(target + b, MemoryUtil.getLong(at + b));
                }
            } else if (width == 4) {
                for (long b = 0; b < bytes; b += 4) {
                    MemoryUtil.putInt(target + b, MemoryUtil.getInt(at + b));
                }
            } else {
                for (long b = 0; b < bytes; b++) {
                    MemoryUtil.putByte(target + b, MemoryUtil.getByte(at + b));
                }
            }
            target += bytes;
        }
    }

    /** Copies the validity bits and says whether every row of the source is null, so that values need no copy. */
    private static boolean copyValidity(FieldVector from, ArrowBuf to, Selection selection) {
        int nulls = Bitmaps.nullCount(from);
        long bytes = BitVectorHelper.getValidityBufferSizeFromCount(selection.rowCount());
        if (nulls == 0) {
            to.setOne(0, bytes);
        } else if (nulls == from.getValueCount()) {
            to.setZero(0, bytes);
            return true;
        } else {
            Bitmaps.gather(from.getValidityBuffer(), to, selection);
        }
        return false;
    }
}
