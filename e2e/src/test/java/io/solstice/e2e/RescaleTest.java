package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.protocol.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that go on with another number of tasks of a stage that counts by key, each time in another engine. */
@Timeout(90)
class RescaleTest {
    private static final long ROWS = 3_000;
    private static final long KEYS = 37;

    /** Numbers the rows of each key from 1, and tells in the end how many rows it has seen in all. */
    private static final class Counter implements RowOperator, Rescalable {
        private final Map<Long, Long> counts = new HashMap<>();
        private final AtomicInteger failures;
        private long seen;
        private long seenHere;

        /** @param failures how often it is to fail, each time when it has seen some rows */
        Counter(AtomicInteger failures) {
            this.failures = failures;
        }

        @Override
        public List<Row> process(Row row) {
            seen++;
            if (++seenHere == 50 && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw ErrorCode.IO_FAILED.error("on purpose").toException();
            }
            return List.of(row.with("nth", counts.merge(row.getLong("key"), 1L, Long::sum)));
        }

        @Override
        public List<Row> finish() {
            return List.of(Row.of("total", seen));
        }

        @Override
        public Row checkpoint() {
            return Row.of("keys", List.copyOf(counts.keySet()), "counts", List.copyOf(counts.values()), "seen", seen);
        }

        @Override
        public void restore(Row state) {
            counts.putAll(counts(state));
            seen = state.getLong("seen");
        }

        private static Map<Long, Long> counts(Row state) {
            Map<Long, Long> counts = new HashMap<>();
            List<?> keys = (List<?>) state.get("keys");
            List<?> numbers = (List<?>) state.get("counts");
            for (int i = 0; keys != null && numbers != null && i < keys.size(); i++) {
                counts.put((Long) keys.get(i), (Long) numbers.get(i));
            }
            return counts;
        }

        @Override
        public void rescale(TaskState before, TaskShare own) {
            counts(before.checkpoint()).forEach((key, count) -> {
                if (own.owns(key)) {
                    assertThat(counts.put(key, count)).isNull();
                }
            });
            seen += own.inherits(before) ? before.checkpoint().getLong("seen") : 0;
        }
    }

    @TempDir
    Path folder;

    private final AtomicInteger failures = new AtomicInteger();

    private Job job(String counter, int counters, double rate) {
        Job job = new Job("counting")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()));
        return counting(job, "", counter, counters, ROWS, rate);
    }

    /** Stages that count numbers by key. */
    private Job counting(Job job, String prefix, String counter, int counters, long rows, double rate) {
        return job.addStage(Stage.of(
                                prefix + "in",
                                GeneratorSource.numbers(1, rows).splits(4).rowsPerSecond(rate))
                        .parallelism(2))
                .addStage(
                        Stage.of(prefix + "map", MapOperator.rows(row -> row.with("key", row.getLong("number") % KEYS)))
                                .parallelism(2),
                        prefix + "in")
                .addStage(Stage.of(prefix + "by", KeyByOperator.columns("key")).parallelism(2), prefix + "map")
                .addStage(Stage.operator(counter, () -> new Counter(failures)).parallelism(counters), prefix + "by")
                .addStage(
                        Stage.of(prefix + "out", FileSink.json(output(prefix).toString()))
                                .parallelism(2),
                        counter);
    }

    private Path output(String prefix) {
        return folder.resolve(prefix + "rows");
    }

    private static void awaitRows(JobHandle handle, String stage, long rows) {
        await().until(() -> handle.getMetrics().stages().stream()
                .anyMatch(one -> one.stageId().equals(stage) && one.inputRecords() >= rows));
    }

    /** Runs a while, and ends with a checkpoint. */
    private static void stopped(Job job, String restoreFrom, String counter, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = restoreFrom.isEmpty() ? engine.submit(job) : engine.submit(job, restoreFrom);
            awaitRows(handle, counter, rows);
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    /** All values of a column in the files, which are read without the engine. */
    private static List<Long> column(Path output, String name) throws IOException {
        return matches(output, "\"" + name + "\":\\s*(\\d+)").stream()
                .map(match -> Long.valueOf(match.group(1)))
                .toList();
    }

    private static List<Matcher> matches(Path output, String pattern) throws IOException {
        Pattern wanted = Pattern.compile(pattern);
        List<Matcher> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher match = wanted.matcher(line);
                    if (match.find()) {
                        found.add(match);
                    }
                }
            }
        }
        return found;
    }

    /** What no engine is needed to know: how many of the numbers from 1 have each remainder. */
    private static void assertCounted(Path output, long rows) throws IOException {
        List<Long> numbers = LongStream.rangeClosed(1, rows).boxed().toList();
        assertThat(column(output, "number").stream().sorted()).containsExactlyElementsOf(numbers);
        Map<Long, List<Long>> found = new TreeMap<>();
        for (Matcher line : matches(output, "\"number\":\\s*(\\d+).*\"nth\":\\s*(\\d+)")) {
            found.computeIfAbsent(Long.parseLong(line.group(1)) % KEYS, none -> new ArrayList<>())
                    .add(Long.valueOf(line.group(2)));
        }
        Map<Long, List<Long>> expected = new TreeMap<>();
        for (long number : numbers) {
            List<Long> ofKey = expected.computeIfAbsent(number % KEYS, none -> new ArrayList<>());
            ofKey.add(ofKey.size() + 1L);
        }
        found.values().forEach(nth -> nth.sort(null));
        assertThat(found).isEqualTo(expected);
        assertThat(column(output, "total").stream().mapToLong(Long::longValue).sum())
                .as("each row is in the total of one task")
                .isEqualTo(rows);
    }

    @Test
    void theCountsOfAllKeysGoOnWithFewerAndWithMoreTasks() throws Exception {
        stopped(job("count", 3, 1_000), "", "count", 400);
        stopped(job("count", 2, 1_000), "latest", "count", 400);
        try (Solstice engine = Solstice.embedded()) {
            RestoreFrom renamed = RestoreFrom.of("latest").renamed("count", "totals");
            JobHandle handle = engine.submit(job("totals", 4, 0), renamed);
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
        assertCounted(output(""), ROWS);
    }

    @Test
    void aFailureBeforeTheNextCheckpointDividesTheOldStatesAgain() throws Exception {
        stopped(job("count", 2, 1_000), "", "count", 400);
        failures.set(2);
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job("count", 5, 1_000), "latest");
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            assertThat(handle.getStatus().restarts()).isPositive();
        }
        assertThat(failures).hasValue(0);
        assertCounted(output(""), ROWS);
    }

    private Job pair(int counters, double rate) {
        Job job = new Job("pair")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()));
        counting(job, "few-", "few-count", counters, 40, 0);
        return counting(job, "", "count", counters, ROWS, rate);
    }

    @Test
    void whatHadComeToItsEndGivesNothingAgainAndTheOthersFailAlone() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(pair(3, 1_000));
            awaitRows(handle, "few-out", 43);
            awaitRows(handle, "count", 300);
            handle.triggerCheckpoint();
            awaitRows(handle, "count", 600);
            handle.stopWithSavepoint();
            handle.await();
        }
        failures.set(1);
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(pair(2, 1_000), "latest");
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
        assertThat(failures).hasValue(0);
        assertCounted(output("few-"), 40);
        assertCounted(output(""), ROWS);
    }
}
