package io.solstice.embedded;

import static io.solstice.api.expr.Expressions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.JobMetrics;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The shapes of pipeline that the documentation shows. */
class UsagePatternsTest {

    /** Counts by key until its input ends. */
    private static final class CountByKey implements RowOperator {
        private final Map<String, Long> counts = new TreeMap<>();

        @Override
        public List<Row> process(Row record) {
            counts.merge(record.getString("key"), 1L, Long::sum);
            return List.of();
        }

        @Override
        public List<Row> finish() {
            return counts.entrySet().stream()
                    .map(entry -> Row.of("key", entry.getKey(), "count", entry.getValue()))
                    .toList();
        }
    }

    @Test
    void fanOutThenAggregate() throws Exception {
        MemorySink sink = new MemorySink();
        JobRunner.run(new Job("fan_out")
                .addStage(Stage.of("source", GeneratorSource.numbers(1, 1000).splits(4))
                        .parallelism(2))
                .addStage(
                        Stage.of(
                                        "explode",
                                        FlatMapOperator.rows(row -> LongStream.range(0, 3)
                                                .mapToObj(i -> Row.of("n", row.getLong("number") * 3 + i))
                                                .toList()))
                                .parallelism(3),
                        "source")
                .addStage(
                        Stage.of("key", KeyByOperator.rows(row -> row.getLong("n") % 10))
                                .parallelism(3),
                        "explode")
                .addStage(Stage.operator("count", CountByKey::new).parallelism(2), "key")
                .addStage(Stage.sink("sink", sink), "count"));
        assertThat(sink.rows())
                .hasSize(10)
                .allSatisfy(row -> assertThat(row.getLong("count")).isEqualTo(300));
    }

    @Test
    void aLongPipelineOfFixedAndScalingStages() throws Exception {
        MemorySink sink = new MemorySink();
        Job job = new Job("complex")
                .addStage(Stage.of("source", GeneratorSource.mockEvents(5000)))
                .addStage(
                        Stage.of(
                                "preprocess",
                                MapOperator.withColumns(col("value").floor().as("whole"))),
                        "source")
                .addStage(
                        Stage.of(
                                        "classify",
                                        MapOperator.withColumns(
                                                col("whole").ge(50).as("high")))
                                .parallelism(2, 4),
                        "preprocess")
                .addStage(Stage.of("filter", FilterOperator.where(col("high"))).parallelism(2), "classify")
                .addStage(
                        Stage.of("detect", FlatMapOperator.rows(row -> List.of(row, row.with("offset", -1L))))
                                .parallelism(3, 2, 4)
                                .memory(4L << 30),
                        "filter")
                .addStage(
                        Stage.of("extract", MapOperator.rows(row -> row.with("score", 0.85)))
                                .numGpus(1),
                        "detect")
                .addStage(Stage.of("postprocess", MapOperator.select(col("offset"), col("score"))), "extract")
                .addStage(Stage.sink("sink", sink).parallelism(2), "postprocess");
        JobMetrics metrics = JobRunner.run(job);
        long kept = metrics.stage("filter").outputRecords();
        assertThat(kept).isBetween(2000L, 3000L);
        assertThat(sink.rows()).hasSize((int) (2 * kept));
        assertThat(metrics.stage("classify").workerCount()).isEqualTo(2);
        assertThat(metrics.stage("detect").workerCount()).isEqualTo(3);
    }
}
