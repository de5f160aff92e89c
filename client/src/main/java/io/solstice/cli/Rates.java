package io.solstice.cli;

import io.solstice.api.JobMetrics;
import io.solstice.api.StageMetrics;
import java.util.HashMap;
import java.util.Map;

/** Rows a second of each stage between two looks, smoothed so that the figures can be read. Used by one thread. */
final class Rates {
    /** How much of a new figure counts: at four looks a second, about the last second. */
    private static final double WEIGHT = 0.4;

    private final Map<String, Long> lastRows = new HashMap<>();
    private final Map<String, Double> rates = new HashMap<>();
    private double lastSecs;

    void update(JobMetrics metrics) {
        double elapsed = metrics.uptimeSecs() - lastSecs;
        if (elapsed <= 0) {
            return;
        }
        for (StageMetrics stage : metrics.stages()) {
            long rows = rows(stage);
            double rate = (rows - lastRows.getOrDefault(stage.stageId(), 0L)) / elapsed;
            rates.merge(stage.stageId(), rate, (before, now) -> before + WEIGHT * (now - before));
            lastRows.put(stage.stageId(), rows);
        }
        lastSecs = metrics.uptimeSecs();
    }

    double of(StageMetrics stage) {
        return rates.getOrDefault(stage.stageId(), 0.0);
    }

    /** The rows that a stage has dealt with. */
    static long rows(StageMetrics stage) {
        return Math.max(stage.inputRecords(), stage.outputRecords());
    }
}
