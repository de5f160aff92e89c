package io.solstice.common.protocol;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one stage of one task.
 *
 * @param index which of the stage's tasks
 * @param inputRecords rows taken in; for a source, rows read
 * @param outputRecords rows given on; for a sink, rows written
 * @param skippedRecords rows set aside by {@code skip_on_error}
 * @param lateRecords rows that came too late for all that they belong to, set aside or given to stages that take them
 * @param waitingBytes bytes that wait for room downstream
 * @param time of the task that the stage is part of
 * @param frequentKeys of its rows, one for each stage that they are divided among by key and that enough have gone to
 * @param state where it keeps state by key; null if it keeps none
 */
public record TaskMetrics(
        RunId run,
        StageId stage,
        int index,
        long inputRecords,
        long outputRecords,
        long skippedRecords,
        long lateRecords,
        long waitingBytes,
        TaskTime time,
        List<FrequentKey> frequentKeys,
        @Nullable StateUse state) {
    public TaskMetrics {
        frequentKeys = List.copyOf(frequentKeys);
    }
}
