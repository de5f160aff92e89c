package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.MemorySink;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EmbeddedSolsticeTest {

    @Test
    void runsAChainOfRowFunctions() throws Exception {
        MemorySink collected = new MemorySink();
        Job job = new Job("squares")
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, 50)))
                .addStage(
                        Stage.of(
                                        "square",
                                        MapOperator.rows(row ->
                                                row.with("squared", row.getLong("number") * row.getLong("number"))))
                                .parallelism(2),
                        "numbers")
                .addStage(Stage.of("even", FilterOperator.rows(row -> row.getLong("number") % 2 == 0)), "square")
                .addStage(Stage.sink("sink", collected), "even");
        try (Solstice solstice = Solstice.embedded()) {
            JobHandle handle = solstice.submit(job);
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            assertThat(handle.getMetrics().stage("sink").outputRecords()).isEqualTo(25);
            assertThat(handle.getMetrics().stage("numbers").splitsDone()).isEqualTo(1);
        }
        assertThat(collected.rows()).hasSize(25).contains(Row.of("number", 50L, "squared", 2500L));
    }

    @Test
    void diamondsAndSeveralSinksSeeEveryRow() throws Exception {
        MemorySink both = new MemorySink();
        MemorySink all = new MemorySink();
        Job job = new Job("diamond")
                .addStage(
                        Stage.of("numbers", GeneratorSource.numbers(1, 100_000).splits(7))
                                .parallelism(2))
                .addStage(Stage.of("low", FilterOperator.rows(row -> row.getLong("number") <= 50_000)), "numbers")
                .addStage(
                        Stage.of("high", FilterOperator.rows(row -> row.getLong("number") > 50_000))
                                .parallelism(3),
                        "numbers")
                .addStage(Stage.sink("joined", both).parallelism(2), "low", "high")
                .addStage(Stage.sink("all", all), "numbers");
        try (Solstice solstice = Solstice.embedded()) {
            solstice.submit(job).await();
        }
        List<Long> expected = LongStream.rangeClosed(1, 100_000).boxed().toList();
        assertThat(sorted(both)).isEqualTo(expected);
        assertThat(sorted(all)).isEqualTo(expected);
    }

    private static List<Long> sorted(MemorySink sink) {
        return sink.rows().stream().map(row -> row.getLong("number")).sorted().toList();
    }

    @Test
    void aFunctionThatThrowsEndsTheJobWithStageRecordAndFrame() throws Exception {
        Job job = new Job("broken")
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, 1000)))
                .addStage(
                        Stage.of("divide", MapOperator.rows(row -> Row.of("x", 1 / (row.getLong("number") - 500)))),
                        "numbers")
                .addStage(Stage.of("sink", new PrintSink(1)), "divide");
        try (Solstice solstice = Solstice.embedded()) {
            JobHandle handle = solstice.submit(job);
            assertThatThrownBy(handle::await).isInstanceOfSatisfying(SolsticeException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.FUNCTION_FAILED);
                assertThat(e.error().where())
                        .contains("job 'broken'", "stage 'divide'", "{number: 500}", "split 'rows 0..1000'");
                assertThat(e.error().cause()).contains("EmbeddedSolsticeTest");
            });
            assertThat(handle.getStatus().state()).isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void anEnormousFanOutNeedsLittleMemoryAndCanBeCancelled() throws Exception {
        Job job = new Job("flood")
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, 2)))
                .addStage(
                        Stage.of(
                                "explode",
                                FlatMapOperator.rows(row -> () -> LongStream.iterate(0, i -> i + 1)
                                        .mapToObj(i -> Row.of("i", i))
                                        .iterator())),
                        "numbers")
                .addStage(Stage.of("sink", new PrintSink(1)).parallelism(2), "explode");
        try (Solstice solstice = Solstice.embedded()) {
            JobHandle handle = solstice.submit(job);
            Awaitility.await().until(() -> handle.getMetrics().stage("sink").inputRecords() > 100_000);
            assertThat(handle.getMetrics().memoryBytes()).isLessThan(100L << 20);
            handle.cancel();
            assertThat(handle.await().state()).isEqualTo(JobState.CANCELLED);
            assertThat(handle.getMetrics().memoryBytes()).isZero();
        }
    }
}
