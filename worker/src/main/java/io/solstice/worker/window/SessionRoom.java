package io.solstice.worker.window;

import io.solstice.common.error.ErrorCode;
import io.solstice.worker.overflow.HeapShare;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What tables take of the heap that cannot be moved: when there is no more of it the task ends with an error before the
 * process does. Used by the task's thread.
 */
final class SessionRoom {
    private final HeapShare heap;

    SessionRoom(BufferAllocator memory) {
        heap = HeapShare.of(memory);
    }

    /** To be called when there is as much room as can be made. */
    void check() {
        if (heap.isExhausted()) {
            throw ErrorCode.MEMORY_LIMIT
                    .error("the tables of the tasks here need more memory than there is")
                    .cause("those of all tasks take " + (heap.taken() >> 20) + " MiB of a heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB, and cannot be moved to files")
                    .help("give the stage more tasks on other workers, or the workers more heap")
                    .toException();
        }
    }
}
