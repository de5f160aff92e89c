package io.solstice.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrequentKeyTest {
    private static final StageId SUM = new StageId("sum");

    private static TaskMetrics task(FrequentKey... keys) {
        return new TaskMetrics(
                new RunId(new JobId("job"), 1),
                new StageId("read"),
                0,
                0,
                0,
                0,
                0,
                0,
                TaskTime.UNKNOWN,
                List.of(keys),
                null);
    }

    private static FrequentKey key(String key, long rows, long of) {
        return new FrequentKey(SUM, key, rows, of);
    }

    /** Each task tells of its own rows. */
    @Test
    void theSamplesOfAllTasksAreAddedUp() {
        List<TaskMetrics> tasks = List.of(
                task(key("a", 90, 100)),
                task(key("b", 60, 100), new FrequentKey(new StageId("other"), "c", 100, 100)),
                task(key("a", 30, 100)),
                task());
        assertThat(FrequentKey.hot(SUM, 8, tasks)).contains(key("a", 120, 300));
        assertThat(FrequentKey.hot(SUM, 8, tasks).orElseThrow().share()).isEqualTo(0.4);
        assertThat(FrequentKey.hot(SUM, 4, tasks)).isEmpty();
    }

    @Test
    void whatIsTooMuchDependsOnTheNumberOfTasks() {
        assertThat(FrequentKey.hot(SUM, 1, List.of(task(key("a", 100, 100))))).isEmpty();
        assertThat(FrequentKey.hot(SUM, 2, List.of(task(key("a", 50, 100))))).isEmpty();
        assertThat(FrequentKey.hot(SUM, 2, List.of(task(key("a", 51, 100))))).isPresent();
        assertThat(FrequentKey.hot(SUM, 8, List.of(task(key("a", 25, 100))))).isEmpty();
        assertThat(FrequentKey.hot(SUM, 8, List.of(task(key("a", 26, 100))))).isPresent();
        assertThat(FrequentKey.hot(SUM, 100, List.of(task(key("a", 20, 100))))).isEmpty();
        assertThat(FrequentKey.hot(SUM, 100, List.of(task(key("a", 21, 100))))).isPresent();
        assertThat(FrequentKey.hot(SUM, 100, List.of(task(key("", 0, 0))))).isEmpty();
    }
}
