package io.solstice.api;

import io.solstice.api.time.EventTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage at one moment, summed over its tasks.
 *
 * @param inputRecords rows taken in; for a source, rows read
 * @param outputRecords rows given on; for a sink, rows written
 * @param skippedRecords rows set aside, by {@code skip_on_error} or for being late, each of them in the dead-letter output
 * @param lateRecords rows that came too late for all windows or partners: dropped, and then also part of the skipped
 *     ones, or given to the stages that take them ({@link io.solstice.api.operator.LateRows})
 * @param splits for a source: how many splits it has in all, else 0
 * @param splitsDone for a source: how many have been read to their end
 * @param outputBufferBytes bytes waiting for room downstream
 * @param backpressureActive whether a task waits for room downstream
 * @param eventTimes how far event time has come in each task; empty for a stage that does not keep it
 * @param hotKey the key that has more of its rows than one task should have; null if none has
 * @param states where its tasks keep state by key, one for each place and reason; empty for a stage that keeps none
 */
public record StageMetrics(
        String stageId,
        int workerCount,
        long inputRecords,
        long outputRecords,
        long skippedRecords,
        long lateRecords,
        int splits,
        int splitsDone,
        long outputBufferBytes,
        boolean backpressureActive,
        List<EventTime> eventTimes,
        @Nullable HotKey hotKey,
        List<StageState> states) {
    public StageMetrics {
        eventTimes = List.copyOf(eventTimes);
        states = List.copyOf(states);
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("stage_id", stageId);
        map.put("worker_count", workerCount);
        map.put("input_records", inputRecords);
        map.put("output_records", outputRecords);
        map.put("skipped_records", skippedRecords);
        map.put("late_records", lateRecords);
        map.put("splits", splits);
        map.put("pending_splits", splits - splitsDone);
        map.put("output_buffer_size", outputBufferBytes);
        map.put("backpressure_active", backpressureActive);
        map.put("event_times", eventTimes.stream().map(EventTime::toMap).toList());
        map.put("hot_key", hotKey == null ? Map.of() : hotKey.toMap());
        map.put("state", states.stream().map(StageState::toMap).toList());
        return map;
    }
}
