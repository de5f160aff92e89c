package io.solstice.worker.window;

import io.solstice.common.error.ErrorCode;
import io.solstice.worker.overflow.HeapShare;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The heap that the sessions of a task take. Any row may belong to any of them, so they stay in memory; when there is no
 * more of it the task ends with an error before the process does. Used by the task's thread.
 */
final class SessionRoom {
    private final HeapShare heap;
    private long counted;

    SessionRoom(BufferAllocator memory) {
        heap = HeapShare.of(memory);
    }

    void measure(long heapBytes) {
        heap.add(heapBytes - counted);
        counted = heapBytes;
        if (heap.isExhausted()) {
            throw ErrorCode.MEMORY_LIMIT
                    .error("the open sessions of the tasks here need more memory than there is")
                    .cause("those of this task take about " + (heapBytes >> 20) + " MiB, and tables of all tasks "
                            + (heap.taken() >> 20) + " MiB of a heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB")
                    .help(
                            "give the stage more tasks on other workers, or the workers more heap, or choose a shorter gap"
                                    + " or lateness")
                    .toException();
        }
    }

    void close() {
        heap.add(-counted);
        counted = 0;
    }
}
