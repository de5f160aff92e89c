package io.solstice.e2e;

import static io.solstice.api.expr.Expressions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import io.solstice.testing.MemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs that join two inputs. */
@Timeout(120)
class JoinsTest {
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final ArrowType MICROS = new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
    static final Schema BIDS =
            new Schema(List.of(field("auction", INT64), field("price", INT64), field("event_time", MICROS)));
    static final Schema AUCTIONS = new Schema(
            List.of(field("id", INT64), field("name", ArrowType.Utf8.INSTANCE), field("event_time", MICROS)));

    @TempDir
    Path folder;

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private static Row bid(long number) {
        return Row.of(
                "auction",
                number % 11 == 0 ? null : number * 7 % 40,
                "price",
                number,
                "event_time",
                Instant.ofEpochMilli(number * 10));
    }

    private static Row auction(long number) {
        return Row.of(
                "id",
                number % 13 == 0 ? null : number % 50,
                "name",
                "auction " + number,
                "event_time",
                Instant.ofEpochMilli(number * 35));
    }

    static List<Row> bids() {
        return LongStream.range(0, 400).mapToObj(JoinsTest::bid).toList();
    }

    static List<Row> auctions() {
        return LongStream.range(0, 120).mapToObj(JoinsTest::auction).toList();
    }

    private Job job(JoinOperator join, int tasks) {
        Watermarks rule = Watermarks.of("event_time").delay(Duration.ofSeconds(20));
        return new Job("joins")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.source("bids", MemorySource.of(BIDS, bids()).splits(5))
                        .parallelism(2)
                        .watermarks(rule))
                .addStage(Stage.source(
                                "auctions",
                                MemorySource.of(AUCTIONS, auctions()).splits(3))
                        .watermarks(rule))
                .addStage(Stage.of("joined", join).parallelism(tasks), "bids", "auctions");
    }

    private List<String> run(JoinOperator join, int tasks) throws Exception {
        MemorySink out = new MemorySink();
        JobRunner.run(job(join, tasks).addStage(Stage.sink("out", out), "joined"));
        return out.rows().stream().map(JoinsTest::text).sorted().toList();
    }

    private static String text(Row row) {
        return row.get("price") + "+" + row.get("name")
                + (row.has("window_start") ? "@" + row.get("window_start") : "");
    }

    /** With nested loops. */
    private static List<String> expected(JoinOperator.Kind kind, BiPredicate<Row, Row> meet) {
        List<String> all = new ArrayList<>();
        List<Row> lonely = new ArrayList<>(auctions());
        for (Row bid : bids()) {
            List<Row> partners = auctions().stream()
                    .filter(auction -> bid.get("auction") != null
                            && Objects.equals(bid.get("auction"), auction.get("id"))
                            && meet.test(bid, auction))
                    .toList();
            partners.forEach(auction -> all.add(bid.get("price") + "+" + auction.get("name")));
            lonely.removeAll(partners);
            if (partners.isEmpty() && kind.keepsLeft()) {
                all.add(bid.get("price") + "+null");
            }
        }
        if (kind.keepsRight()) {
            lonely.forEach(auction -> all.add("null+" + auction.get("name")));
        }
        return all.stream().sorted().toList();
    }

    static List<JoinOperator> kinds() {
        return List.of(
                JoinOperator.inner("bids", "auctions").on("auction", "id"),
                JoinOperator.left("bids", "auctions").on("auction", "id"),
                JoinOperator.right("bids", "auctions").on("auction", "id"),
                JoinOperator.full("bids", "auctions").on("auction", "id"));
    }

    @Test
    void wholeInputsAreJoinedInEveryWayByAnyNumberOfTasks() throws Exception {
        int tasks = 0;
        for (JoinOperator join : kinds()) {
            List<String> expected = expected(join.kind(), (bid, auction) -> true);
            assertThat(expected).hasSizeGreaterThan(300);
            assertThat(run(join, 1 + tasks++ % 3)).isEqualTo(expected);
            assertThat(run(join, 1 + tasks % 3)).isEqualTo(expected);
        }
    }

    @Test
    void anIntervalIsJoinedOnceAllTimesAreKnown() throws Exception {
        int tasks = 0;
        for (JoinOperator join : kinds()) {
            List<String> expected = expected(join.kind(), (bid, auction) -> {
                long difference = Duration.between((Instant) bid.get("event_time"), (Instant) auction.get("event_time"))
                        .toMillis();
                return difference >= -500 && difference <= 200;
            });
            assertThat(run(join.between(Duration.ofMillis(-500), Duration.ofMillis(200)), 1 + tasks++ % 3))
                    .isEqualTo(expected);
        }
    }

    @Test
    void theRowsOfAWindowAreJoined() throws Exception {
        List<String> expected = new ArrayList<>();
        for (Row bid : bids()) {
            for (Row auction : auctions()) {
                long one = ((Instant) Objects.requireNonNull(bid.get("event_time"))).toEpochMilli() / 700;
                long other = ((Instant) Objects.requireNonNull(auction.get("event_time"))).toEpochMilli() / 700;
                if (one == other
                        && bid.get("auction") != null
                        && Objects.equals(bid.get("auction"), auction.get("id"))) {
                    expected.add(bid.get("price") + "+" + auction.get("name") + "@" + Instant.ofEpochMilli(one * 700));
                }
            }
        }
        assertThat(expected).hasSizeGreaterThan(10);
        JoinOperator join = kinds().get(0).window(Windows.tumbling(Duration.ofMillis(700)));
        for (int tasks = 1; tasks <= 3; tasks++) {
            assertThat(run(join, tasks)).isEqualTo(expected.stream().sorted().toList());
        }
    }

    @Test
    void rowsThatAreKeptLongEnoughAllMeet() throws Exception {
        for (JoinOperator join : kinds()) {
            assertThat(run(join.keepFor(Duration.ofHours(1)), 2))
                    .isEqualTo(expected(join.kind(), (bid, auction) -> true));
        }
    }

    @Test
    void aLookupSendsTheTableToEveryTask() throws Exception {
        for (JoinOperator join : kinds().subList(0, 2)) {
            for (int tasks = 1; tasks <= 3; tasks++) {
                assertThat(run(join.lookup(), tasks)).isEqualTo(expected(join.kind(), (bid, auction) -> true));
            }
        }
    }

    /** The joined rows are up to 300 ms older than the watermark, and none of them is late for the windows behind. */
    @Test
    void windowsBehindAJoinMissNothing() throws Exception {
        MemorySink out = new MemorySink();
        Watermarks rule = Watermarks.of("event_time").delay(Duration.ZERO).splitsInOrder(true);
        List<Row> later = auctions().stream()
                .map(row -> row.with("at", ((Instant) Objects.requireNonNull(row.get("event_time"))).plusMillis(300))
                        .without("event_time"))
                .toList();
        Schema columns =
                new Schema(List.of(field("id", INT64), field("name", ArrowType.Utf8.INSTANCE), field("at", MICROS)));
        JoinOperator join =
                kinds().get(1).time("event_time", "at").between(Duration.ofMillis(200), Duration.ofMillis(400));
        Job job = new Job("behind")
                .addStage(Stage.source("bids", MemorySource.of(BIDS, bids()).splits(9))
                        .watermarks(rule))
                .addStage(Stage.source(
                                "auctions", MemorySource.of(columns, later).splits(9))
                        .watermarks(Watermarks.of("at").delay(Duration.ZERO).splitsInOrder(true)))
                .addStage(Stage.of("joined", join).parallelism(2), "bids", "auctions")
                .addStage(
                        Stage.of(
                                "counted",
                                AggregateOperator.by()
                                        .window(Windows.tumbling(Duration.ofMillis(50)))
                                        .aggregate(Aggregates.count().as("n"))),
                        "joined")
                .addStage(Stage.sink("out", out), "counted");
        long late = JobRunner.run(job).stages().stream()
                .filter(stage -> stage.stageId().equals("counted"))
                .findFirst()
                .orElseThrow()
                .skippedRecords();
        assertThat(late).isZero();
        assertThat(out.rows().stream().mapToLong(row -> row.getLong("n")).sum()).isGreaterThanOrEqualTo(400);
    }

    /** The left is read while the right one still comes, as far as there is room, and no further. */
    @Test
    void aLargeLeftWaitsForASlowRight() throws Exception {
        MemorySink out = new MemorySink();
        long rows = 2_000_000;
        Job job = new Job("waiting")
                .checkpointIntervalSecs(0.2)
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of("left", GeneratorSource.numbers(0, rows - 1).splits(4))
                        .parallelism(2))
                .addStage(Stage.of("right", GeneratorSource.numbers(0, 499).rowsPerSecond(500)))
                .addStage(
                        Stage.of("joined", JoinOperator.left("left", "right").on("number"))
                                .parallelism(2),
                        "left",
                        "right")
                .addStage(Stage.of("sum", AggregateOperator.by().aggregate(Aggregates.sum("number"))), "joined")
                .addStage(Stage.sink("out", out), "sum");
        JobRunner.run(job);
        assertThat(out.rows()).containsExactly(Row.of("sum_number", rows * (rows - 1) / 2));
    }

    /** Neither side can wait for the other's end, since both come from one source. */
    @Test
    void aSourceIsJoinedWithItself() throws Exception {
        MemorySink out = new MemorySink();
        long rows = 300_000;
        Job job = new Job("itself")
                .addStage(Stage.of("in", GeneratorSource.numbers(0, rows - 1).splits(3)))
                .addStage(
                        Stage.of(
                                "doubled",
                                MapOperator.select(col("number").times(2).as("twice"), col("number"))),
                        "in")
                .addStage(
                        Stage.of("joined", JoinOperator.inner("in", "doubled").on("number", "twice"))
                                .parallelism(2),
                        "in",
                        "doubled")
                .addStage(
                        Stage.of(
                                "sum",
                                AggregateOperator.by().aggregate(Aggregates.count(), Aggregates.sum("right_number"))),
                        "joined")
                .addStage(Stage.sink("out", out), "sum");
        JobRunner.run(job);
        assertThat(out.rows())
                .containsExactly(Row.of("count", rows / 2, "sum_right_number", rows / 2 * (rows / 2 - 1) / 2));
    }

    private Job endless(JoinOperator join, int tasks, double rate) {
        Schema bid = new Schema(List.of(field("auction", INT64), field("price", INT64), field("event_time", MICROS)));
        Schema auction =
                new Schema(List.of(field("id", INT64), field("name", ArrowType.Utf8.INSTANCE), field("at", MICROS)));
        return new Job("rescaled")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .addStage(Stage.of(
                        "n1", GeneratorSource.numbers(0, 1_999).splits(2).rowsPerSecond(rate)))
                .addStage(Stage.of(
                        "n2", GeneratorSource.numbers(0, 1_999).splits(2).rowsPerSecond(rate)))
                .addStage(
                        Stage.of(
                                "bids",
                                MapOperator.rows(
                                        bid,
                                        row -> Row.of(
                                                "auction",
                                                row.getLong("number") % 97,
                                                "price",
                                                row.getLong("number"),
                                                "event_time",
                                                Instant.ofEpochMilli(row.getLong("number"))))),
                        "n1")
                .addStage(
                        Stage.of(
                                "auctions",
                                MapOperator.rows(
                                        auction,
                                        row -> Row.of(
                                                "id",
                                                row.getLong("number") % 101,
                                                "name",
                                                "a" + row.getLong("number"),
                                                "at",
                                                Instant.ofEpochMilli(row.getLong("number"))))),
                        "n2")
                .addStage(Stage.of("joined", join).parallelism(tasks), "bids", "auctions")
                .addStage(
                        Stage.of("out", FileSink.json(folder.resolve("rows").toString()))
                                .parallelism(2),
                        "joined");
    }

    private static void stopped(Job job, String restoreFrom, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = restoreFrom.isEmpty() ? engine.submit(job) : engine.submit(job, restoreFrom);
            await().until(() -> handle.getMetrics().stages().stream()
                    .anyMatch(stage -> stage.stageId().equals("joined") && stage.inputRecords() >= rows));
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    /** Stopped while rows of both sides are kept, and gone on with by another number of tasks, twice. */
    @Test
    void whatIsKeptGoesOnWithOtherNumbersOfTasks() throws Exception {
        JoinOperator join =
                JoinOperator.full("bids", "auctions").on("auction", "id").time("event_time", "at");
        for (JoinOperator each : List.of(
                join.between(Duration.ofMillis(-300), Duration.ofMillis(100)),
                join,
                JoinOperator.left("bids", "auctions").on("auction", "id").lookup())) {
            folder = Files.createTempDirectory(folder, "case");
            long rate = each.readsRightFirst() ? 1_000 : 500;
            stopped(endless(each, 3, rate), "", 500);
            stopped(endless(each, 2, rate), "latest", 200);
            try (Solstice engine = Solstice.embedded()) {
                JobHandle handle = engine.submit(endless(each, 4, 0), "latest");
                handle.await(Duration.ofSeconds(60));
                assertThat(handle.getMetrics().memoryBytes()).isZero();
            }
            assertThat(found()).hasSize(pairs(each).size()).isEqualTo(pairs(each));
        }
    }

    private static List<String> pairs(JoinOperator join) {
        List<String> all = new ArrayList<>();
        boolean[] met = new boolean[2_001];
        long last = 1_999;
        for (long bid = 0; bid <= last; bid++) {
            boolean any = false;
            for (long auction = 0; auction <= last; auction++) {
                boolean near = !join.isTimed() || auction - bid >= -300 && auction - bid <= 100;
                if (near && bid % 97 == auction % 101) {
                    all.add(bid + "+a" + auction);
                    met[(int) auction] = true;
                    any = true;
                }
            }
            if (!any) {
                all.add(bid + "+null");
            }
        }
        for (int auction = 0; auction <= last && join.kind().keepsRight(); auction++) {
            if (!met[auction]) {
                all.add("null+a" + auction);
            }
        }
        return all.stream().sorted().toList();
    }

    private List<String> found() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("rows"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    found.add(value(line, "price") + "+" + value(line, "name"));
                }
            }
        }
        return found.stream().sorted().toList();
    }

    private static String value(String line, String name) {
        int at = line.indexOf("\"" + name + "\":");
        return at < 0
                ? "null"
                : line.substring(at + name.length() + 3)
                        .split("[,}]", 2)[0]
                        .replace("\"", "")
                        .strip();
    }

    @Test
    void lateRowsAreCountedAndWrittenAside() throws Exception {
        List<Row> lefts = new ArrayList<>();
        for (long n = 0; n < 50; n++) {
            lefts.add(Row.of("auction", 1L, "price", n, "event_time", Instant.ofEpochSecond(1_000 + n)));
        }
        lefts.add(Row.of("auction", 1L, "price", 99L, "event_time", Instant.ofEpochSecond(1)));
        MemorySink out = new MemorySink();
        Watermarks rule = Watermarks.of("event_time").delay(Duration.ZERO);
        Job job = new Job("late")
                .stateBackend(new LocalStateBackend(folder.toString()))
                .addStage(Stage.source("bids", MemorySource.of(BIDS, lefts)).watermarks(rule))
                .addStage(Stage.source("auctions", MemorySource.of(AUCTIONS, List.of()))
                        .watermarks(rule))
                .addStage(
                        Stage.of("joined", kinds().get(1).between(Duration.ZERO, Duration.ofSeconds(1))),
                        "bids",
                        "auctions")
                .addStage(Stage.sink("out", out), "joined");
        long skipped = JobRunner.run(job).stages().stream()
                .filter(stage -> stage.stageId().equals("joined"))
                .findFirst()
                .orElseThrow()
                .skippedRecords();
        assertThat(out.rows().size() + skipped).isEqualTo(51);
    }
}
