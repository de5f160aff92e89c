package io.solstice.embedded;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.window.Aggregates;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobState;
import io.solstice.embedded.FlightCluster.Following;
import io.solstice.testing.MemorySink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs whose tasks are on two workers, with every kind of road between them. */
class TwoWorkersTest {
    private static final int ROWS = 30_000;
    private static final int ENDLESS = 500_000_000;

    private final MemorySink copies = new MemorySink();
    private final MemorySink spread = new MemorySink();

    /**
     * Two sources meet by forward roads, and then go by hash, broadcast and rebalance.
     *
     * @param kept of the numbers, those that reach the sinks
     */
    private Job job(String id, int rows, LongPredicate kept) {
        GeneratorSource left = GeneratorSource.numbers(1, rows / 2).splits(8);
        GeneratorSource right = GeneratorSource.numbers(rows / 2 + 1, rows).splits(8);
        return new Job(id)
                .addStage(Stage.of("left", left).parallelism(3))
                .addStage(Stage.of("right", right).parallelism(3))
                .addStage(
                        Stage.of("joined", MapOperator.rows(row -> row.with("group", row.getLong("number") % 97)))
                                .parallelism(3),
                        "left",
                        "right")
                .addStage(Stage.of("keyed", KeyByOperator.columns("group")).parallelism(3), "joined")
                .addStage(Stage.operator("tagged", TaskTag::new).parallelism(4), "keyed")
                .addStage(
                        Stage.of("kept", FilterOperator.rows(row -> kept.test(row.getLong("number"))))
                                .parallelism(4),
                        "tagged")
                .addStage(Stage.sink("copies", copies).parallelism(2).partitioning(Partitioning.BROADCAST), "kept")
                .addStage(Stage.sink("spread", spread).parallelism(5).partitioning(Partitioning.REBALANCE), "kept");
    }

    private static List<Long> numbers(MemorySink sink) {
        return sink.rows().stream().map(row -> row.getLong("number")).sorted().toList();
    }

    private static JobSnapshot end(Following job) throws Exception {
        return job.end().get(60, TimeUnit.SECONDS);
    }

    private static void assertEverythingGivenBack(FlightCluster cluster) {
        cluster.workers.forEach(FlightCluster.Member::awaitNoMemory);
    }

    private void assertNothingPublished() {
        assertThat(copies.rows()).isEmpty();
        assertThat(spread.rows()).isEmpty();
        assertThat(copies.openWriters() + spread.openWriters()).isZero();
        assertThat(copies.sealedAndForgotten() + spread.sealedAndForgotten()).isZero();
    }

    /** Neither the side of a batch nor the end of a side is lost between workers. */
    @Test
    void rowsOfTwoWorkersAreJoined() throws Exception {
        Job job = new Job("joining")
                .addStage(Stage.of("left", GeneratorSource.numbers(1, ROWS).splits(8))
                        .parallelism(3))
                .addStage(Stage.of(
                                "all",
                                GeneratorSource.numbers(ROWS / 2, ROWS + 9).splits(8))
                        .parallelism(2))
                .addStage(
                        Stage.of("right", MapOperator.select(col("number").as("n")))
                                .parallelism(2),
                        "all")
                .addStage(
                        Stage.of("joined", JoinOperator.full("left", "right").on("number", "n"))
                                .parallelism(4),
                        "left",
                        "right")
                .addStage(
                        Stage.of(
                                        "named",
                                        JoinOperator.inner("joined", "right")
                                                .on("number", "n")
                                                .lookup()
                                                .rightPrefix("table_"))
                                .parallelism(3),
                        "joined",
                        "right")
                .addStage(Stage.sink("copies", copies), "joined")
                .addStage(Stage.sink("spread", spread), "named");
        try (FlightCluster cluster = new FlightCluster()) {
            JobSnapshot end = end(cluster.submit(job));
            assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
            assertEverythingGivenBack(cluster);
        }
        assertThat(copies.rows()).hasSize(ROWS + 9);
        assertThat(copies.rows().stream().filter(row -> row.get("number") == null))
                .hasSize(9);
        assertThat(copies.rows().stream().filter(row -> row.get("n") == null)).hasSize(ROWS / 2 - 1);
        assertThat(spread.rows())
                .hasSize(ROWS / 2 + 1)
                .allSatisfy(row -> assertThat(row.get("table_n")).isEqualTo(row.get("number")));
    }

    /** One task sends the rows of two of its stages to the same tasks, here and on the other worker. */
    @Test
    void branchesOfOneSourceMeetInAJoin() throws Exception {
        Job job = new Job("branches")
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, ROWS).splits(8))
                        .parallelism(3))
                .addStage(
                        Stage.of(
                                        "even",
                                        FilterOperator.where(
                                                col("number").modulo(2).eq(0)))
                                .parallelism(3),
                        "numbers")
                .addStage(
                        Stage.of(
                                        "third",
                                        FilterOperator.where(
                                                col("number").modulo(3).eq(0)))
                                .parallelism(3),
                        "numbers")
                .addStage(
                        Stage.of("n", MapOperator.select(col("number").as("n"))).parallelism(3), "third")
                .addStage(
                        Stage.of("both", JoinOperator.inner("even", "n").on("number", "n"))
                                .parallelism(4),
                        "even",
                        "n")
                .addStage(Stage.sink("copies", copies), "both")
                .addStage(Stage.sink("spread", spread).parallelism(3), "even");
        try (FlightCluster cluster = new FlightCluster()) {
            Following following = cluster.submit(job);
            JobSnapshot end = end(following);
            assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
            assertEverythingGivenBack(cluster);
        }
        assertThat(numbers(copies))
                .isEqualTo(LongStream.rangeClosed(1, ROWS / 6)
                        .map(n -> 6 * n)
                        .boxed()
                        .toList());
        assertThat(numbers(spread))
                .isEqualTo(LongStream.rangeClosed(1, ROWS / 2)
                        .map(n -> 2 * n)
                        .boxed()
                        .toList());
    }

    /** Rows and what was made of rows go along the same roads. */
    @Test
    void whatOneWorkerHasAggregatedIsMergedOnTheOther() throws Exception {
        Job job = new Job("aggregating")
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, ROWS).splits(8))
                        .parallelism(3))
                .addStage(
                        Stage.of(
                                        "keyed",
                                        MapOperator.withColumns(
                                                col("number").modulo(97).as("group"),
                                                when(col("number").modulo(9).eq(0), "", "hot")
                                                        .as("text")))
                                .parallelism(3),
                        "numbers")
                .addStage(
                        Stage.of(
                                        "summed",
                                        AggregateOperator.by("text", "group")
                                                .aggregate(Aggregates.count(), Aggregates.avg("number")))
                                .parallelism(4),
                        "keyed")
                .addStage(Stage.sink("copies", copies), "summed");
        try (FlightCluster cluster = new FlightCluster()) {
            JobSnapshot end = end(cluster.submit(job));
            assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
            assertEverythingGivenBack(cluster);
        }
        Map<String, String> expected = LongStream.rangeClosed(1, ROWS)
                .boxed()
                .collect(Collectors.groupingBy(
                        number -> (number % 9 == 0 ? "" : "hot") + number % 97,
                        Collectors.collectingAndThen(
                                Collectors.summarizingLong(number -> number),
                                all -> all.getCount() + "/" + all.getAverage())));
        assertThat(copies.rows().stream()
                        .collect(Collectors.toMap(
                                row -> row.getString("text") + row.getLong("group"),
                                row -> row.getLong("count") + "/" + row.get("avg_number"))))
                .isEqualTo(expected);
    }

    @Test
    void everyRowTravelsEveryRoadOnce() throws Exception {
        try (FlightCluster cluster = new FlightCluster()) {
            Following job = cluster.submit(job("roads", ROWS, number -> true));
            JobSnapshot end = end(job);
            assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
            List<Long> all = LongStream.rangeClosed(1, ROWS).boxed().toList();
            assertThat(numbers(spread)).isEqualTo(all);
            assertThat(numbers(copies))
                    .isEqualTo(all.stream().flatMap(n -> List.of(n, n).stream()).toList());
            Map<Long, Long> tasksOfGroup = spread.rows().stream()
                    .collect(Collectors.groupingBy(
                            row -> row.getLong("group"),
                            Collectors.collectingAndThen(
                                    Collectors.mapping(row -> row.get("task"), Collectors.toSet()),
                                    tasks -> (long) tasks.size())));
            assertThat(tasksOfGroup)
                    .hasSize(97)
                    .allSatisfy((group, tasks) -> assertThat(tasks).isEqualTo(1));
            assertThat(spread.rows().stream().map(row -> row.get("task")).distinct())
                    .hasSize(4);
            assertEverythingGivenBack(cluster);
        }
    }

    private static void awaitRows(FlightCluster cluster, Following job, String stage, long rows) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> job.end().isDone()
                        || cluster.workers.stream().allMatch(member -> member.rows(job.run(), stage) >= rows));
    }

    @Test
    void aFailureOnOneWorkerEndsTheTasksOnBoth() throws Exception {
        try (FlightCluster cluster = new FlightCluster()) {
            Following job = cluster.submit(job("bomb", ENDLESS, number -> {
                if (number == 20_000) {
                    throw new IllegalStateException("bomb");
                }
                return false;
            }));
            assertFailed(end(job), ErrorCode.FUNCTION_FAILED);
            assertEverythingGivenBack(cluster);
            assertNothingPublished();
        }
    }

    private static void assertFailed(JobSnapshot end, ErrorCode code) {
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        SolsticeError error = end.error();
        assertThat(error).isNotNull();
        assertThat(error.code()).as(error.display()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void cancelledAtRandomMomentsGivesEverythingBack(long seed) throws Exception {
        Random random = new Random(seed);
        try (FlightCluster cluster = new FlightCluster()) {
            for (int round = 0; round < 6; round++) {
                Following job = cluster.submit(job("cancel-" + round, ENDLESS, number -> false));
                if (round > 0) {
                    awaitRows(cluster, job, "tagged", random.nextInt(50_000));
                }
                cluster.cancel(job.run());
                assertThat(end(job).state()).as("round " + round).isEqualTo(JobState.CANCELLED);
                assertEverythingGivenBack(cluster);
                assertNothingPublished();
            }
        }
    }

    @Test
    void aJobGoesOnAfterTheLossOfAWorkerWhichIsOfUseAgain() throws Exception {
        try (FlightCluster cluster = new FlightCluster()) {
            Following job = cluster.submit(job("cut", ENDLESS, number -> false));
            awaitRows(cluster, job, "tagged", 1_000);
            assertThat(cluster.workers)
                    .allSatisfy(member -> assertThat(member.tasks(job.run())).isPositive());
            cluster.workers.get(1).cutFromMaster();
            Awaitility.await().until(() -> {
                JobSnapshot now = cluster.snapshot(job.run());
                return now.restarts() == 1 && now.state() == JobState.RUNNING;
            });
            JobSnapshot again = cluster.snapshot(job.run());
            assertThat(again.run()).isEqualTo(job.run());
            assertThat(again.generation()).isGreaterThan(job.run().generation());
            assertThat(again.restartCause()).isNotNull();
            assertThat(again.restartCause().code()).isEqualTo(ErrorCode.WORKER_LOST);
            cluster.cancel(job.run());
            assertThat(end(job).state()).isEqualTo(JobState.CANCELLED);
            cluster.awaitWorkers();
            assertEverythingGivenBack(cluster);
            assertNothingPublished();
            Following next = cluster.submit(job("next", ROWS, number -> true));
            assertThat(end(next).state()).isEqualTo(JobState.FINISHED);
            assertThat(spread.rows()).hasSize(ROWS);
        }
    }

    @Test
    void aRoadBetweenWorkersThatStaysBrokenFailsTheJobInTheEnd() throws Exception {
        try (FlightCluster cluster = new FlightCluster()) {
            Following job = cluster.submit(job("broken", ENDLESS, number -> false));
            awaitRows(cluster, job, "tagged", 1_000);
            cluster.workers.get(0).server.shutdownNow();
            JobSnapshot end = end(job);
            assertFailed(end, ErrorCode.EXCHANGE_LOST);
            assertThat(end.restarts()).isEqualTo(2);
            assertEverythingGivenBack(cluster);
            assertNothingPublished();
        }
    }

    @Test
    void aSlowSinkBoundsTheMemoryOfBothWorkers() throws Exception {
        try (FlightCluster cluster = new FlightCluster()) {
            Following job = cluster.submit(new Job("slow")
                    .addStage(Stage.of(
                                    "numbers",
                                    GeneratorSource.numbers(1, ENDLESS).splits(8))
                            .parallelism(2))
                    .addStage(
                            Stage.of("wide", MapOperator.rows(row -> row.with("text", "x".repeat(1_000))))
                                    .parallelism(2),
                            "numbers")
                    .addStage(Stage.sink("stuck", () -> new StuckSink()).parallelism(3), "wide"));
            AtomicLong last = new AtomicLong();
            Awaitility.await().during(Duration.ofMillis(500)).until(() -> {
                long rows = rows(cluster, job);
                return last.getAndSet(rows) == rows && rows > 0;
            });
            cluster.workers.forEach(
                    member -> assertThat(member.memory.getAllocatedMemory()).isLessThan(300L << 20));
            cluster.cancel(job.run());
            assertThat(end(job).state()).isEqualTo(JobState.CANCELLED);
            assertEverythingGivenBack(cluster);
        }
    }

    private static long rows(FlightCluster cluster, Following job) {
        return cluster.workers.stream()
                .mapToLong(member -> member.rows(job.run(), "numbers"))
                .sum();
    }
}
