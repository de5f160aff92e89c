package io.solstice.api.source;

import io.solstice.api.gpu.GpuContext;
import org.apache.arrow.memory.BufferAllocator;

/** What a task offers to its source. */
public interface SourceContext extends GpuContext {
    String jobId();

    String stageId();

    int taskIndex();

    /** For the vectors that the source makes. What is left in it when the task ends is reported as a leak. */
    BufferAllocator allocator();

    /**
     * Counts a piece of input that could not be read and was left out, and writes it to the dead-letter output.
     *
     * @param place where it stood: file and line, or byte position
     * @param raw the input as it was
     */
    void skip(String place, String raw, Throwable why);
}
