package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.MapState;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows of one key keep the order in which their split had them, whatever the number of tasks: a key has one task, and
 * all that a source task sends there goes one road.
 */
@Timeout(90)
class KeyOrderTest {
    private static final long ROWS = 60_000;
    private static final long SPLITS = 6;
    private static final long KEYS = 211;

    /** Tells of each row the number before it of the same key and split. */
    private static final class Following implements KeyedOperator {
        private @Nullable MapState<Long> newest;

        @Override
        public void declare(States states) {
            newest = states.map("newest", Long.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            MapState<Long> known = Objects.requireNonNull(newest);
            String split = Long.toString((row.getLong("number") - 1) / (ROWS / SPLITS));
            Long before = known.get(split);
            known.put(split, row.getLong("number"));
            out.emit(row.with("before", before == null ? -1L : before));
        }
    }

    private static Job job(String id, int readers, int counters, MemorySink sink) {
        return new Job(id)
                .addStage(Stage.of("in", GeneratorSource.numbers(1, ROWS).splits((int) SPLITS))
                        .parallelism(readers))
                .addStage(
                        Stage.of("group", MapOperator.rows(row -> row.with("key", row.getLong("number") % KEYS)))
                                .parallelism(readers),
                        "in")
                .addStage(Stage.of("by", KeyByOperator.columns("key")).parallelism(readers), "group")
                .addStage(Stage.operator("order", Following::new).parallelism(counters), "by")
                .addStage(Stage.sink("out", sink).parallelism(counters), "order");
    }

    private static void assertInOrder(MemorySink sink) {
        List<Row> rows = sink.rows();
        assertThat(rows.stream().map(row -> row.getLong("number")).sorted())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, ROWS).boxed()::iterator);
        for (Row row : rows) {
            long before = row.getLong("before");
            long number = row.getLong("number");
            boolean first = (number - 1) % (ROWS / SPLITS) < KEYS;
            assertThat(before).as("before %d", number).isEqualTo(first ? -1 : number - KEYS);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "4, 1", "3, 5", "6, 2"})
    void rowsOfAKeyComeInTheOrderOfTheirSplit(int readers, int counters) throws Exception {
        MemorySink sink = new MemorySink();
        JobRunner.run(job("order", readers, counters, sink));
        assertInOrder(sink);
    }

    @Test
    void alsoBetweenWorkers() throws Exception {
        MemorySink sink = new MemorySink();
        try (FlightCluster cluster = new FlightCluster()) {
            JobSnapshot end = cluster.submit(job("order", 3, 4, sink)).end().get(60, TimeUnit.SECONDS);
            assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
        }
        assertInOrder(sink);
    }
}
