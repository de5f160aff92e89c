package io.solstice.worker.task;

import io.solstice.common.protocol.SourcePosition;

/** An input that reads splits. Used by the task's thread. */
public interface SourceReading extends TaskInput {
    /** How far the rows reach that {@link #poll} has handed over. */
    Reached reached();

    @Override
    SourcePosition position();

    /** What {@link #reached} is to the master. @param watermark of the split that is being read */
    SourcePosition position(Reached reached, long watermark);

    /**
     * How far a reading has come.
     *
     * @param finished splits that were read to their end, in the order of their assignment
     * @param rows of the next one, counted from its first row, whether this input read them or an earlier one
     * @param place of what is being read, for messages; empty if that is nothing
     * @param watermark how far event time had come in it when this input began to read it
     * @param last whether there is nothing to be read after it
     */
    record Reached(int finished, long rows, String place, long watermark, boolean last) {}
}
