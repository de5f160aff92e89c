package io.solstice.worker.task;

import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.TaskTime;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.Inbox;
import org.jspecify.annotations.Nullable;

/** Where a task's elements come from: other tasks, or a source. Used by the task's thread. */
public interface TaskInput {
    /** The next element, handed over, or null if there is none now; the task is woken when that may have changed. */
    @Nullable
    StreamElement poll() throws Exception;

    /** From which upstream the batch is that {@link #poll} handed over last, if the task tells them apart. */
    default int side() {
        return 0;
    }

    /** What is being read, for error messages; empty if there is nothing to tell. */
    default String place() {
        return "";
    }

    /** How far the rows reach that {@link #poll} has handed over; null if they come from other tasks. */
    default @Nullable SourcePosition position() {
        return null;
    }

    /** After how long {@link #poll} may have something even if nobody wakes the task. */
    default long dueNanos() {
        return Long.MAX_VALUE;
    }

    /** What event time waits for here, for people; empty if it comes from other tasks. Called by any thread. */
    default String timeHolder() {
        return "";
    }

    /** How far event time has come here, with what the task knows of it. Called by any thread. */
    default TaskTime time(long watermark, boolean idle) {
        return new TaskTime(watermark, idle, timeHolder());
    }

    /** Drops what is on the way, ends what reads, and waits for its end. */
    void close();

    /** The roads from other tasks. */
    static TaskInput of(Inbox inbox) {
        return new TaskInput() {
            @Override
            public @Nullable StreamElement poll() {
                return inbox.poll();
            }

            @Override
            public int side() {
                return inbox.side();
            }

            @Override
            public void close() {
                inbox.abandon();
            }
        };
    }
}
