package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Partitioning;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import io.solstice.testing.MemorySource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Joins that cannot work. */
class JoinRefusalsTest {
    private static Job inputs() {
        return new Job("refused")
                .addStage(Stage.source("bids", MemorySource.of(JoinsTest.BIDS, JoinsTest.bids())))
                .addStage(Stage.source("auctions", MemorySource.of(JoinsTest.AUCTIONS, JoinsTest.auctions())));
    }

    private static Job job(JoinOperator join) {
        return inputs().addStage(Stage.of("joined", join).parallelism(2), "bids", "auctions");
    }

    @Test
    void whatCannotWorkIsRefusedBeforeAnythingRuns() {
        JoinOperator join = JoinsTest.kinds().get(0);
        refused(JoinOperator.inner("bids", "auctions").on("auctoin", "id"), ErrorCode.COLUMN_UNKNOWN, "'auction'");
        refused(JoinOperator.inner("bids", "auctions").on("auction", "name"), ErrorCode.TYPE_MISMATCH, "types differ");
        refused(JoinOperator.inner("bids", "auctions"), ErrorCode.OPTION_MISSING, "joins by no key");
        refused(JoinOperator.inner("bids", "others").on("auction", "id"), ErrorCode.STAGE_ROLE, "these two upstreams");
        refused(JoinOperator.inner("bids", "bids").on("auction"), ErrorCode.OPTION_INVALID, "joined with itself");
        refused(
                join.time("price2", "event_time").window(Windows.tumbling(Duration.ofSeconds(1))),
                ErrorCode.COLUMN_UNKNOWN,
                "price2");
        refused(
                join.time("event_time", "name").between(Duration.ZERO, Duration.ZERO),
                ErrorCode.TYPE_MISMATCH,
                "'name' tells no event time");
        refused(join.rightPrefix(""), ErrorCode.OPTION_INVALID, "two columns of the result are called 'event_time'");
        refused(JoinsTest.kinds().get(3).lookup(), ErrorCode.OPTION_INVALID, "a lookup cannot keep the right rows");
        assertThatThrownBy(() -> job(join).addStage(Stage.of("more", join), "bids", "auctions", "joined"))
                .hasMessageContaining("just these two upstreams");
        assertThatThrownBy(() -> join.window(Windows.session(Duration.ofSeconds(1))))
                .hasMessageContaining("session");
        assertThatThrownBy(() -> join.between(Duration.ofSeconds(1), Duration.ZERO))
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> join.lookup().keepFor(Duration.ofSeconds(1))).hasMessageContaining("two ways");
        Job forced =
                inputs().addStage(Stage.of("joined", join).partitioning(Partitioning.REBALANCE), "bids", "auctions");
        assertThatThrownBy(forced::graph).hasMessageContaining("decides how its rows are divided");
    }

    @Test
    void anInputWithoutEndNeedsAScopeAndEventTime() {
        JoinOperator join = JoinOperator.left("events", "others").on("event_type");
        refused(endlessInputs(join, false, true), "it reads 'others' to its end first");
        refused(
                endlessInputs(JoinOperator.full("events", "others").on("event_type"), true, false),
                "'events' never comes");
        refused(endlessInputs(join.window(Windows.tumbling(Duration.ofSeconds(1))), true, true), "has no watermarks");
    }

    private static Job endlessInputs(JoinOperator join, boolean left, boolean right) {
        return new Job("endless")
                .addStage(Stage.of("events", GeneratorSource.mockEvents(left ? GeneratorSource.WITHOUT_END : 10)))
                .addStage(Stage.of("others", GeneratorSource.mockEvents(right ? GeneratorSource.WITHOUT_END : 10)))
                .addStage(Stage.of("joined", join.time("timestamp", "timestamp")), "events", "others")
                .addStage(Stage.sink("out", new MemorySink()), "joined");
    }

    private static void refused(Job job, String text) {
        assertThatThrownBy(() -> JobRunner.run(job))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPTION_MISSING))
                .hasMessageContaining(text)
                .hasMessageContaining("stage 'joined'");
    }

    private static void refused(JoinOperator join, ErrorCode code, String text) {
        assertThatThrownBy(() -> JobRunner.run(job(join).addStage(Stage.sink("out", new MemorySink()), "joined")))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(text)
                .hasMessageContaining("stage 'joined'");
    }
}
