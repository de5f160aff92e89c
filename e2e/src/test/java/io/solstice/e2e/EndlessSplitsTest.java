package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.testing.MemorySink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source without end that has more splits than tasks. */
@Timeout(90)
class EndlessSplitsTest {
    private static final int PARTITIONS = 5;
    private static final int SILENT = 4;
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final Schema SCHEMA = new Schema(List.of(field("partition"), field("number"), field("event_time")));

    @TempDir
    Path folder;

    private static Field field(String name) {
        return new Field(name, FieldType.nullable(INT64), null);
    }

    /** Partitions of a log, of which one says nothing; row n of a partition is of millisecond n. */
    private static final class Log implements Source {
        @Override
        public Schema schema() {
            return SCHEMA;
        }

        @Override
        public List<Split> splits() {
            return IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new Split("partition " + i, Integer.toString(i), -1))
                    .toList();
        }

        @Override
        public boolean isBounded() {
            return false;
        }

        @Override
        public boolean splitsEnd() {
            return false;
        }

        @Override
        public SourceReader open(Split split, long position, SourceContext context) {
            return new Tail(Long.parseLong(split.payload()), position, context);
        }
    }

    /** Gives 20 rows now and then, for ever. */
    private static final class Tail implements SourceReader {
        private final long partition;
        private final SourceContext context;
        private long next;

        Tail(long partition, long position, SourceContext context) {
            this.partition = partition;
            this.context = context;
            this.next = position;
        }

        @Override
        public Batch read() throws InterruptedException {
            boolean told = new CountDownLatch(1).await(partition == SILENT ? 60_000 : 2, TimeUnit.MILLISECONDS);
            assertThat(told).isFalse();
            List<Row> rows = new ArrayList<>();
            if (next % 100 == 0) {
                context.skip("partition " + partition, "row " + next, new IllegalArgumentException("a round number"));
            }
            for (int i = 0; i < 20; i++) {
                rows.add(Row.of("partition", partition, "number", next, "event_time", next * 1_000));
                next++;
            }
            return new RowWriter(SCHEMA).write(rows, context.allocator());
        }

        @Override
        public void close() {}
    }

    private Job job(MemorySink rows, MemorySink counts, int tasks) {
        Watermarks rule = Watermarks.of("event_time")
                .delay(Duration.ZERO)
                .idleTimeout(Duration.ofMillis(300))
                .align("log", Duration.ofMinutes(10));
        return new Job("endless_splits")
                .checkpointIntervalSecs(0.2)
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.source("log", Log::new).parallelism(tasks).watermarks(rule))
                .addStage(
                        Stage.of(
                                "count",
                                AggregateOperator.by("partition")
                                        .window(Windows.tumbling(Duration.ofMillis(100)))
                                        .aggregate(Aggregates.count().as("n"))),
                        "log")
                .addStage(Stage.sink("rows", rows), "log")
                .addStage(Stage.sink("counts", counts), "count");
    }

    private void run(MemorySink rows, MemorySink counts, int tasks, String restoreFrom, int least) throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            Job job = job(rows, counts, tasks);
            JobHandle handle = restoreFrom.isEmpty() ? engine.submit(job) : engine.submit(job, restoreFrom);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> numbers(rows).values().stream()
                                            .filter(numbers -> numbers.size() >= least)
                                            .count()
                                    == PARTITIONS - 1
                            && counts.rows().size() > least / 100);
            await().until(() ->
                    handle.getMetrics().stage("log").eventTimes().stream().anyMatch(time -> time.watermark() != null));
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            assertThat(handle.getMetrics().stage("log").outputRecords()).isPositive();
            assertThat(handle.getMetrics().stage("log").skippedRecords()).isPositive();
            assertThat(handle.getMetrics().memoryBytes()).isZero();
        }
    }

    private static Map<Long, List<Long>> numbers(MemorySink sink) {
        Map<Long, List<Long>> numbers = new TreeMap<>();
        for (Row row : sink.rows()) {
            numbers.computeIfAbsent(row.getLong("partition"), none -> new ArrayList<>())
                    .add(row.getLong("number"));
        }
        return numbers;
    }

    @Test
    void eachSplitIsReadAndGoesOnWhereItWas() throws Exception {
        MemorySink rows = new MemorySink();
        MemorySink counts = new MemorySink();
        run(rows, counts, 2, "", 500);
        run(rows, counts, 3, "latest", 1_500);
        run(rows, counts, 1, "latest", 2_500);
        Map<Long, List<Long>> numbers = numbers(rows);
        assertThat(numbers).hasSize(PARTITIONS - 1);
        numbers.forEach((partition, found) -> {
            found.sort(null);
            assertThat(found)
                    .as("partition %s", partition)
                    .isEqualTo(LongStream.range(0, found.size()).boxed().toList());
        });
        assertThat(counts.rows())
                .extracting(row -> row.get("partition") + "@" + row.get("window_start"))
                .doesNotHaveDuplicates();
    }
}
