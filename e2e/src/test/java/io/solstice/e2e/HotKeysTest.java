package io.solstice.e2e;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StageMetrics;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.MemorySink;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs in which one key has nine of ten rows. */
@Timeout(60)
class HotKeysTest {
    private static final long ROWS = 300_000;
    private static final long WINDOW = 20_000;
    private static final AggregateOperator SUM = AggregateOperator.by("key")
            .time("number")
            .window(Windows.tumbling(Duration.ofMillis(WINDOW / 1_000)))
            .aggregate(Aggregates.count().as("n"), Aggregates.sum("number"), Aggregates.last("number"));

    private static long key(long number) {
        return number % 10 == 0 ? number % 700 : 1;
    }

    private static Job job(AggregateOperator aggregate, MemorySink out) {
        return new Job("hot")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, ROWS).splits(4))
                        .watermarks(Watermarks.of("number").delay(Duration.ofMillis(1)))
                        .parallelism(2))
                .addStage(
                        Stage.of(
                                        "event",
                                        MapOperator.withColumns(when(
                                                        col("number").modulo(10).eq(0),
                                                        col("number").modulo(700),
                                                        1)
                                                .as("key")))
                                .parallelism(2),
                        "in")
                .addStage(Stage.of("sum", aggregate).parallelism(2), "event")
                .addStage(Stage.sink("out", out), "sum");
    }

    private static Map<String, String> expected() {
        Map<String, long[]> sums = new HashMap<>();
        for (long number = 1; number <= ROWS; number++) {
            long[] sum = sums.computeIfAbsent(key(number) + "@" + number / WINDOW * WINDOW, none -> new long[3]);
            sum[0]++;
            sum[1] += number;
            sum[2] = number;
        }
        Map<String, String> texts = new HashMap<>();
        sums.forEach((window, sum) -> texts.put(window, sum[0] + "/" + sum[1] + "/" + sum[2]));
        return texts;
    }

    private static Map<String, String> found(MemorySink out) {
        Map<String, String> found = new HashMap<>();
        for (Row row : out.rows()) {
            Instant start = (Instant) row.get("window_start");
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, start);
            String text = row.getLong("n") + "/" + row.getLong("sum_number") + "/" + row.getLong("last_number");
            assertThat(found.put(row.getLong("key") + "@" + micros, text)).isNull();
        }
        return found;
    }

    private static JobMetrics run(AggregateOperator aggregate) throws Exception {
        MemorySink out = new MemorySink();
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(aggregate, out));
            assertThat(handle.await(Duration.ofSeconds(50)).state()).isEqualTo(JobState.FINISHED);
            assertThat(found(out)).isEqualTo(expected());
            assertThat(handle.getMetrics().memoryBytes()).isZero();
            return handle.getMetrics();
        }
    }

    private static StageMetrics stage(JobMetrics metrics, String id) {
        return metrics.stages().stream()
                .filter(stage -> stage.stageId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itsRowsAreSentAsAFew() throws Exception {
        JobMetrics metrics = run(SUM);
        assertThat(stage(metrics, "event").outputRecords()).isEqualTo(ROWS);
        assertThat(stage(metrics, "sum").inputRecords()).isBetween(1L, ROWS / 2);
        assertThat(stage(metrics, "sum").hotKey()).satisfies(hot -> {
            assertThat(hot.key()).isEqualTo("1");
            assertThat(hot.share()).isBetween(0.8, 1.0);
        });
        assertThat(metrics.stages().stream().filter(stage -> stage.hotKey() != null))
                .hasSize(1);
    }

    @Test
    void allRowsAreSentWhereThatIsForbidden() throws Exception {
        assertThat(stage(run(SUM.preAggregate(false)), "sum").inputRecords()).isEqualTo(ROWS);
    }
}
