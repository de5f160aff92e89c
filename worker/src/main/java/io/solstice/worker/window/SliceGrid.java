package io.solstice.worker.window;

import io.solstice.api.window.Windows;

/**
 * Tumbling and sliding windows as slices, in which no window begins or ends: a row belongs to one slice, and a window is
 * the sum of its slices. All in microseconds.
 */
public record SliceGrid(long size, long slide, long slice, long offset) {
    public static SliceGrid of(Windows windows) {
        if (windows instanceof Windows.Sliding sliding) {
            return new SliceGrid(
                    sliding.sizeMicros(), sliding.slideMicros(), sliding.sliceMicros(), sliding.offsetMicros());
        }
        Windows.Tumbling tumbling = (Windows.Tumbling) windows;
        long size = tumbling.sizeMicros();
        return new SliceGrid(size, size, size, tumbling.offsetMicros());
    }

    public boolean isTumbling() {
        return size == slice;
    }

    /** The start of the slice that has a time. */
    public long sliceOf(long time) {
        return time - Math.floorMod(time - offset, slice);
    }

    /** The start of the last window that has a slice. */
    public long lastWindow(long sliceStart) {
        return sliceStart - Math.floorMod(sliceStart - offset, slide);
    }

    /** The start of the first window that has a slice. */
    public long firstWindow(long sliceStart) {
        long last = lastWindow(sliceStart);
        return last - (last - (sliceStart + slice - size)) / slide * slide;
    }

    /** The end of the last window that has a slice: nobody needs it afterwards. */
    public long lastEnd(long sliceStart) {
        return lastWindow(sliceStart) + size;
    }

    /** The start of the first window that has a slice and ends after a time; beyond the last window if none does. */
    public long firstEndingAfter(long time, long sliceStart) {
        long first = firstWindow(sliceStart);
        if (first + size > time) {
            return first;
        }
        // The time is not before this end, so the difference does not overflow; it may be endless.
        if (time >= lastEnd(sliceStart)) {
            return lastWindow(sliceStart) + slide;
        }
        return first + ((time - (first + size)) / slide + 1) * slide;
    }
}
