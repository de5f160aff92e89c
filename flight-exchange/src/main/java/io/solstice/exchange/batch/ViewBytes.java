package io.solstice.exchange.batch;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;

/**
 * The bytes that some views point at: shared with their vectors if they are the most of what those have, else to be
 * copied. Sharing costs nothing now, but a few texts keep all others of their batches in memory then, and a vector of
 * rows of many batches has many buffers. Memory of another root, such as a mapped file, cannot be shared. A view is the
 * length, then a short text itself, or four bytes of a longer one, the number of its buffer and its place there.
 */
final class ViewBytes {
    private static final int MISSING = -1;
    private static final int VIEW_BYTES = BaseVariableWidthViewVector.ELEMENT_SIZE;
    private static final int BUFFER = 2 * Integer.BYTES;
    private static final int PLACE = 3 * Integer.BYTES;
    private static final long FEW_BYTES = 4 << 10;
    private static final int FEW_BUFFERS = 4;
    private static final int SHORT_BYTES = 64;

    private final int[] sources;
    private final int[] rows;
    /** By source, the address of its views. */
    private final long[] views;

    private final int[] buffersBefore;
    private final List<ArrowBuf> shared = new ArrayList<>();
    private final long copied;
    private int written;

    /**
     * @param sources of the rows, or -1 for one that is missing
     * @param memory of the vector that they come to
     */
    ViewBytes(FieldVector[] from, int[] sources, int[] rows, int count, BufferAllocator memory) {
        this.sources = sources;
        this.rows = rows;
        this.views = new long[from.length];
        this.buffersBefore = new int[from.length];
        boolean[] whole = new boolean[from.length];
        for (int s = 0; s < from.length; s++) {
            views[s] = from[s].getDataBuffer().memoryAddress();
            whole[s] = Bitmaps.nullCount(from[s]) == 0;
        }
        boolean[] used = new boolean[from.length];
        long needed = 0;
        for (int i = 0; i < count; i++) {
            int source = sources[i];
            if (source != MISSING) {
                used[source] = true;
                int length = whole[source] || !from[source].isNull(rows[i]) ? MemoryUtil.getInt(view(i)) : 0;
                needed += length > BaseVariableWidthViewVector.INLINE_SIZE ? length : 0;
            }
        }
        long held = 0;
        boolean foreign = false;
        for (int s = 0; s < from.length; s++) {
            buffersBefore[s] = shared.size();
            if (used[s]) {
                foreign |= isForeign(from[s], memory);
                for (ArrowBuf buffer : ((BaseVariableWidthViewVector) from[s]).getDataBuffers()) {
                    shared.add(buffer);
                    held += buffer.capacity();
                }
            }
        }
        boolean wasteful = foreign || held > 2 * needed + FEW_BYTES || shared.size() > FEW_BUFFERS;
        copied = wasteful && needed <= Integer.MAX_VALUE ? needed : 0;
        if (wasteful && needed == 0) {
            shared.clear();
        }
    }

    /** Whether a vector's buffers cannot be those of one in other memory, too. */
    static boolean isForeign(FieldVector vector, BufferAllocator memory) {
        return vector.getAllocator().getRoot() != memory.getRoot();
    }

    /** Whether all rows of a vector hold less than half of what they keep in memory. */
    static boolean isWasteful(BaseVariableWidthViewVector vector) {
        long held = 0;
        for (ArrowBuf buffer : vector.getDataBuffers()) {
            held += buffer.capacity();
        }
        long needed = 0;
        long views = vector.getDataBuffer().memoryAddress();
        for (int row = 0; held > FEW_BYTES && row < vector.getValueCount(); row++) {
            int length = vector.isNull(row) ? 0 : MemoryUtil.getInt(views + (long) row * VIEW_BYTES);
            needed += length > BaseVariableWidthViewVector.INLINE_SIZE ? length : 0;
        }
        return held > 2 * needed + FEW_BYTES;
    }

    private long view(int i) {
        return views[sources[i]] + (long) rows[i] * VIEW_BYTES;
    }

    /** How many bytes are to be copied; 0 if they are shared. */
    long copied() {
        return copied;
    }

    /** The buffers of all sources, one behind the other. */
    List<ArrowBuf> shared() {
        return shared;
    }

    /** @param own the buffer of those that are copied, of {@link #copied} bytes */
    void copyView(int i, long target, ArrowBuf own) {
        long view = view(i);
        MemoryUtil.putLong(target, MemoryUtil.getLong(view));
        MemoryUtil.putLong(target + Long.BYTES, MemoryUtil.getLong(view + Long.BYTES));
        int length = MemoryUtil.getInt(target);
        if (length <= BaseVariableWidthViewVector.INLINE_SIZE) {
            return;
        }
        int buffer = MemoryUtil.getInt(target + BUFFER) + buffersBefore[sources[i]];
        if (copied == 0) {
            MemoryUtil.putInt(target + BUFFER, buffer);
            return;
        }
        long source = shared.get(buffer).memoryAddress() + MemoryUtil.getInt(target + PLACE);
        copy(source, own.memoryAddress() + written, length);
        MemoryUtil.putInt(target + BUFFER, 0);
        MemoryUtil.putInt(target + PLACE, written);
        written += length;
    }

    /** More bytes than a view has room for; few of them are copied sooner here than by a call. */
    private static void copy(long source, long target, int length) {
        if (length > SHORT_BYTES) {
            MemoryUtil.copyMemory(source, target, length);
            return;
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            MemoryUtil.putLong(target + i, MemoryUtil.getLong(source + i));
        }
        MemoryUtil.putLong(target + last, MemoryUtil.getLong(source + last));
    }
}
