package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.MemorySink;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that fails or is cancelled anywhere, at any moment, ends soon and gives everything back. */
class JobEndTest {
    private static final int ROUNDS = 12;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void failingOrCancelledAtRandomMomentsGivesEverythingBack(long seed) throws Exception {
        Random random = new Random(seed);
        try (Solstice solstice = Solstice.embedded()) {
            for (int round = 0; round < ROUNDS; round++) {
                boolean cancel = random.nextBoolean();
                Bomb bomb = new Bomb(random.nextInt(5), cancel ? Long.MAX_VALUE : random.nextInt(200_000));
                MemorySink left = new MemorySink();
                MemorySink right = new MemorySink();
                JobHandle handle = solstice.submit(job("end-" + seed + "-" + round, random, bomb, left, right));
                if (cancel) {
                    long after = random.nextInt(60_000);
                    Awaitility.await()
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> handle.getMetrics().stage("source").outputRecords() >= after
                                    || handle.getStatus().state().isTerminal());
                    handle.cancel();
                }
                String what = "seed " + seed + ", round " + round + ", " + (cancel ? "cancel" : bomb.toString());
                checkEnd(handle, cancel, what);
                assertThat(left.rows()).as(what).isEmpty();
                assertThat(right.rows()).as(what).isEmpty();
                assertThat(left.openWriters() + right.openWriters()).as(what).isZero();
                assertThat(left.sealedAndForgotten() + right.sealedAndForgotten())
                        .as(what)
                        .isZero();
            }
        }
    }

    private static void checkEnd(JobHandle handle, boolean cancelled, String what) throws InterruptedException {
        try {
            handle.await(Duration.ofSeconds(20));
            assertThat(cancelled).as(what).isTrue();
            assertThat(handle.getStatus().state()).as(what).isEqualTo(JobState.CANCELLED);
        } catch (SolsticeException failure) {
            assertThat(failure.code()).as(what).isEqualTo(ErrorCode.FUNCTION_FAILED);
            assertThat(handle.getStatus().state()).as(what).isEqualTo(JobState.FAILED);
        }
        assertThat(handle.getStatus().runningTasks()).as(what).isZero();
        assertThat(handle.getMetrics().memoryBytes()).as(what).isZero();
    }

    /** A diamond with fused and divided stages; more rows than it can finish before the end comes. */
    private static Job job(String id, Random random, Bomb bomb, MemorySink left, MemorySink right) {
        GeneratorSource source = GeneratorSource.numbers(0, 50_000_000).splits(64);
        return new Job(id)
                .addStage(Stage.of("source", source).parallelism(1 + random.nextInt(2)))
                .addStage(
                        Stage.of("map", MapOperator.rows(row -> bomb.pass(0, row)))
                                .parallelism(1 + random.nextInt(3)),
                        "source")
                .addStage(
                        Stage.of("low", FilterOperator.rows(row -> bomb.test(1, row)))
                                .parallelism(2),
                        "map")
                .addStage(
                        Stage.of("high", MapOperator.rows(row -> bomb.pass(2, row)))
                                .parallelism(3),
                        "map")
                .addStage(Stage.of("joined", FilterOperator.rows(row -> bomb.test(3, row))), "low", "high")
                .addStage(Stage.sink("left", left), "joined")
                .addStage(
                        Stage.of("tail", FilterOperator.rows(row -> bomb.test(4, row)))
                                .parallelism(3),
                        "high")
                .addStage(Stage.sink("right", right).parallelism(2), "tail");
    }

    /** Throws in one place, at the n-th row there. */
    private static final class Bomb {
        private final int place;
        private final long after;
        private final AtomicLong seen = new AtomicLong();

        Bomb(int place, long after) {
            this.place = place;
            this.after = after;
        }

        Row pass(int here, Row row) {
            if (here == place && seen.getAndIncrement() == after) {
                throw new IllegalStateException("bomb");
            }
            return row;
        }

        boolean test(int here, Row row) {
            pass(here, row);
            // Keeps the sinks of the test small.
            return row.getLong("number") % 64 == 0;
        }

        @Override
        public String toString() {
            return "bomb in " + place + " after " + after;
        }
    }

    @Test
    void aSinkThatCannotOpenLeavesNothingOfWhatWasSentToIt() throws Exception {
        try (Solstice solstice = Solstice.embedded()) {
            for (int round = 0; round < 10; round++) {
                CountDownLatch sent = new CountDownLatch(1);
                Job job = new Job("closed-door-" + round)
                        .addStage(Stage.of("source", GeneratorSource.numbers(1, 5_000_000)))
                        .addStage(
                                Stage.of("pass", FilterOperator.rows(row -> {
                                            sent.countDown();
                                            return true;
                                        }))
                                        .parallelism(2),
                                "source")
                        .addStage(Stage.sink("sink", () -> new ClosedDoor(sent)), "pass");
                JobHandle handle = solstice.submit(job);
                assertThatThrownBy(() -> handle.await(Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(
                                SolsticeException.class,
                                e -> assertThat(e.error().display()).contains("stage 'sink'", "the door is closed"));
                assertThat(handle.getMetrics().memoryBytes()).isZero();
            }
        }
    }

    /** Fails to open once its upstream is at work. */
    private record ClosedDoor(CountDownLatch sent) implements Sink {
        @Override
        public SinkWriter open(SinkContext context) throws Exception {
            sent.await();
            throw new IllegalStateException("the door is closed");
        }

        @Override
        public void commit(List<Committable> sealed, SinkCommit which) {}

        @Override
        public void discard(List<Committable> sealed) {}
    }

    @Test
    void userCodeThatBlocksForeverIsInterrupted() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        Job job = new Job("stuck")
                .addStage(Stage.of("source", GeneratorSource.numbers(1, 10)))
                .addStage(
                        Stage.of("wait", FilterOperator.rows(row -> {
                            entered.countDown();
                            never.await();
                            return true;
                        })),
                        "source")
                .addStage(Stage.sink("sink", new MemorySink()), "wait");
        try (Solstice solstice = Solstice.embedded()) {
            JobHandle handle = solstice.submit(job);
            entered.await();
            handle.cancel();
            assertThat(handle.await(Duration.ofSeconds(20)).state()).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void aClosedEngineLeavesNoThreadBehind() throws Exception {
        Set<String> before = threads();
        try (Solstice solstice = Solstice.embedded()) {
            MemorySink sink = new MemorySink();
            solstice.submit(job("endless", new Random(1), new Bomb(-1, 0), sink, sink));
        }
        Awaitility.await().untilAsserted(() -> {
            Set<String> left = threads();
            left.removeAll(before);
            assertThat(left).isEmpty();
        });
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("task")
                        || name.startsWith("worker")
                        || name.startsWith("master")
                        || name.startsWith("read"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
