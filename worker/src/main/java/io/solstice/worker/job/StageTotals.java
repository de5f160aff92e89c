package io.solstice.worker.job;

import io.solstice.worker.task.StageCounters;

/** One stage's counters over all its tasks on this worker. */
public record StageTotals(int tasks, long input, long output, long skipped, long waitingBytes) {
    StageTotals plus(StageCounters task, long waiting) {
        return new StageTotals(
                tasks + 1,
                input + task.input(),
                output + task.output(),
                skipped + task.skipped(),
                waitingBytes + waiting);
    }
}
