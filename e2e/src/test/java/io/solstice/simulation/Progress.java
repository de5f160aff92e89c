package io.solstice.simulation;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.master.job.Manifest;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How much of every split truly is part of each checkpoint, whatever tasks and masters say. */
final class Progress {
    static final long ALL = Long.MAX_VALUE;

    private final Map<RunId, Map<String, Long>> begun = new HashMap<>();
    private final Map<RunId, Map<TaskId, Read>> reading = new HashMap<>();
    private final Map<JobId, Map<Long, Map<String, Long>>> canonical = new HashMap<>();

    /** What a task had read at each cut, and at its end. */
    private static final class Read {
        private final TreeMap<Long, Map<String, Long>> cuts = new TreeMap<>();
        private Map<String, Long> end = Map.of();

        Map<String, Long> at(long epoch) {
            return cuts.getOrDefault(epoch, end);
        }
    }

    private Read of(RunId run, TaskId task) {
        return reading.computeIfAbsent(run, none -> new TreeMap<>()).computeIfAbsent(task, none -> new Read());
    }

    /** A generation begins with a checkpoint, or with none if its epoch is 0. */
    void begins(RunId run, long epoch) {
        begun.put(run, canonical.getOrDefault(run.job(), Map.of()).getOrDefault(epoch, Map.of()));
    }

    void cut(RunId run, TaskId task, long epoch, Map<String, Long> read) {
        of(run, task).cuts.put(epoch, Map.copyOf(read));
    }

    void ended(RunId run, TaskId task, Map<String, Long> read) {
        of(run, task).end = Map.copyOf(read);
    }

    void becomesCanonical(Manifest manifest) {
        Map<String, Long> all = new HashMap<>(begun.getOrDefault(manifest.run(), Map.of()));
        reading.getOrDefault(manifest.run(), Map.of()).values().forEach(read -> all.putAll(read.at(manifest.epoch())));
        canonical.computeIfAbsent(manifest.job(), none -> new HashMap<>()).put(manifest.epoch(), all);
    }

    /** A task begins to read a split. */
    void reads(RunId run, String split, long from) {
        long expected = begun.getOrDefault(run, Map.of()).getOrDefault(split, 0L);
        Invariant.I6.holds(
                from == expected,
                () -> split + " is read from row " + from + " on by " + run + ", whose checkpoint has "
                        + (expected == ALL ? "all" : expected) + " of its rows");
    }
}
