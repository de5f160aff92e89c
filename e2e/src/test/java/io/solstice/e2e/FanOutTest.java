package io.solstice.e2e;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources that feed several branches, in their own tasks and in others. */
@Timeout(60)
class FanOutTest {
    private static final long ROWS = 3_000;

    record Number(long number) {}

    @TempDir
    Path folder;

    private static FilterOperator expression(int rest) {
        return FilterOperator.where(col("number").modulo(2).eq(rest));
    }

    private static FilterOperator function(int rest) {
        return FilterOperator.records(Number.class, number -> number.number() % 2 == rest);
    }

    private Job job(double rate, FilterOperator even, FilterOperator odd) {
        return new Job("branches")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                                "in", GeneratorSource.numbers(1, ROWS).splits(5).rowsPerSecond(rate))
                        .parallelism(2))
                .addStage(Stage.of("even", even).parallelism(2), "in")
                .addStage(Stage.of("odd", odd).parallelism(2), "in")
                .addStage(
                        Stage.of("evens", FileSink.json(folder.resolve("even").toString()))
                                .parallelism(3),
                        "even")
                .addStage(
                        Stage.of("odds", FileSink.json(folder.resolve("odd").toString()))
                                .parallelism(3),
                        "odd");
    }

    private static List<String> tasks(Job job) {
        return ChainPlan.of(job.graph()).chains().stream()
                .map(chain -> String.join(
                        "+", chain.stages().stream().map(StageId::value).toList()))
                .toList();
    }

    private void stopAt(Job job, String from, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = from.isEmpty() ? engine.submit(job) : engine.submit(job, from);
            await().until(() -> handle.getMetrics().stages().get(0).inputRecords() >= rows);
            handle.triggerCheckpoint();
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    @Test
    void branchesGoOnInOtherTasksThanBeforeAndWriteEveryRowOnce() throws Exception {
        Job apart = job(2_000, function(0), function(1));
        Job carried = job(2_000, expression(0), expression(1));
        assertThat(tasks(apart)).containsExactly("in", "even", "odd", "evens", "odds");
        assertThat(tasks(carried)).containsExactly("in+even+odd", "evens", "odds");
        stopAt(apart, "", 100);
        stopAt(carried, "latest", 300);
        stopAt(job(2_000, expression(0), function(1)), "latest", 300);
        for (int times = 0; times < 2; times++) {
            try (Solstice engine = Solstice.embedded()) {
                JobHandle last = engine.submit(job(0, expression(0), expression(1)), "latest");
                assertThat(last.await().state()).isEqualTo(JobState.FINISHED);
            }
            assertThat(NumberedRows.in(folder.resolve("even"))).containsExactlyElementsOf(numbers(2));
            assertThat(NumberedRows.in(folder.resolve("odd"))).containsExactlyElementsOf(numbers(1));
        }
    }

    private static List<Long> numbers(int first) {
        return LongStream.iterate(first, n -> n <= ROWS, n -> n + 2).boxed().toList();
    }

    @Test
    void everyStageCountsItsOwnRows() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(0, expression(0), expression(1)));
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            assertThat(handle.getMetrics().stages())
                    .extracting(stage -> stage.stageId() + " " + stage.inputRecords() + " " + stage.outputRecords())
                    .containsExactlyInAnyOrder(
                            "in 3000 3000", "even 3000 1500", "odd 3000 1500", "evens 1500 1500", "odds 1500 1500");
        }
    }

    @Test
    void aBranchThatFailsEndsTheJobAndIsNamed() throws Exception {
        FilterOperator broken =
                FilterOperator.where(lit(1L).modulo(col("number").minus(1_500)).eq(0));
        Job job = job(0, expression(0), broken);
        assertThat(tasks(job)).contains("in+even+odd");
        try (Solstice engine = Solstice.embedded()) {
            SolsticeException failure = catchThrowableOfType(
                    SolsticeException.class, () -> engine.submit(job).await());
            assertThat(failure.code()).isEqualTo(ErrorCode.EXPRESSION_FAILED);
            assertThat(failure.error().where()).contains("stage 'odd'");
        }
        assertThat(NumberedRows.in(folder.resolve("even"))).isEmpty();
    }

    @Test
    void aCancelledJobLeavesNothing() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(500, expression(0), expression(1)));
            await().until(() -> handle.getMetrics().stages().get(0).inputRecords() >= 50);
            handle.cancel();
            await().until(() -> handle.getStatus().state().isTerminal());
            assertThat(handle.getStatus().state()).isEqualTo(JobState.CANCELLED);
        }
        assertThat(NumberedRows.in(folder.resolve("even"))).isEmpty();
        assertThat(NumberedRows.in(folder.resolve("odd"))).isEmpty();
    }
}
