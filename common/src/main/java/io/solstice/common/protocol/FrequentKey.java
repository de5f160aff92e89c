package io.solstice.common.protocol;

import io.solstice.common.id.StageId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The key that most of a task's rows have on their way to a stage, by a sample of them.
 *
 * @param to the stage whose tasks the rows are divided among
 * @param key its values as a text
 * @param rows of the sample that have it, or somewhat fewer
 * @param of how many rows the sample has
 */
public record FrequentKey(StageId to, String key, long rows, long of) {
    /** A key below this part is nothing to be told of, however many tasks there are. */
    private static final double LEAST = 0.2;
    /** A key with more than half of the rows outweighs all others. */
    private static final double MOST = 0.5;

    /** Of all rows that go to a stage, the part that the key has. */
    public double share() {
        return of == 0 ? 0 : (double) rows / of;
    }

    /**
     * The key that has more of a stage's rows than one of its tasks should have, by what the tasks before tell; empty if
     * none has.
     *
     * @param tasks how many the stage has
     */
    public static Optional<FrequentKey> hot(StageId stage, int tasks, Collection<TaskMetrics> all) {
        Map<String, Long> rows = new HashMap<>();
        long sampled = 0;
        for (TaskMetrics metrics : all) {
            for (FrequentKey told : metrics.frequentKeys()) {
                if (told.to().equals(stage)) {
                    sampled += told.of();
                    rows.merge(told.key(), told.rows(), Long::sum);
                }
            }
        }
        long of = sampled;
        double bound = Math.max(LEAST, Math.min(MOST, 2.0 / tasks));
        return rows.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> new FrequentKey(stage, most.getKey(), most.getValue(), of))
                .filter(most -> tasks > 1 && most.share() > bound);
    }
}
