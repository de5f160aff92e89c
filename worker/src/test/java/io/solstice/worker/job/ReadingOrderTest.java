package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.id.StageId;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadingOrderTest {
    private static final StageId ONE = new StageId("one");
    private static final StageId TWO = new StageId("two");

    private static Job inputs() {
        return new Job("order")
                .addStage(Stage.of("a", GeneratorSource.numbers(1, 9)))
                .addStage(Stage.of("b", GeneratorSource.numbers(1, 9)));
    }

    private static Stage joining(String id, String left, String right) {
        return Stage.of(id, JoinOperator.inner(left, right).on("number"));
    }

    private static Set<StageId> rightFirst(Job job, String... tails) {
        Job whole = job.addStage(Stage.of("out", PrintSink.create()), tails);
        return ReadingOrder.rightFirst(whole.graph(), whole::stage);
    }

    @Test
    void theLeftOfAnotherSourceWaits() {
        assertThat(rightFirst(inputs().addStage(joining("one", "a", "b"), "a", "b"), "one"))
                .containsExactly(ONE);
    }

    @Test
    void aSourceDoesNotWaitForItself() {
        Job job = inputs().addStage(Stage.of("some", FilterOperator.rows(row -> true)), "a", "b")
                .addStage(joining("one", "a", "some"), "a", "some");
        assertThat(rightFirst(job, "one")).isEmpty();
    }

    @Test
    void twoJoinsDoNotWaitForEachOther() {
        Job job = inputs().addStage(joining("one", "a", "b"), "a", "b").addStage(joining("two", "b", "a"), "b", "a");
        assertThat(rightFirst(job, "one", "two")).containsExactly(ONE);
    }

    @Test
    void waitingFollowsOneDirectionThroughSeveralJoins() {
        Job job = inputs().addStage(Stage.of("c", GeneratorSource.numbers(1, 9)))
                .addStage(joining("one", "a", "b"), "a", "b")
                .addStage(joining("two", "one", "c"), "one", "c")
                .addStage(joining("three", "c", "a"), "c", "a");
        assertThat(rightFirst(job, "two", "three")).containsExactly(ONE, TWO);
    }

    @Test
    void joinsByTimeReadBothAtOnce() {
        Job job = inputs().addStage(
                        Stage.of(
                                "one", JoinOperator.inner("a", "b").on("number").keepFor(Duration.ofSeconds(1))),
                        "a",
                        "b");
        assertThat(rightFirst(job, "one")).isEmpty();
    }
}
