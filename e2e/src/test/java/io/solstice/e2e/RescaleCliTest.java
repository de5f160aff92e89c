package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.proto.v1.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job on a cluster that counts by key is stopped, and goes on with another number of tasks that count. */
@Timeout(180)
class RescaleCliTest {
    private static final int ROWS = 4_000;
    private static final int KEYS = 23;

    private static final String SOURCE = """
            import io.solstice.api.*;
            import io.solstice.api.operator.*;
            import io.solstice.api.row.Row;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;
            import java.util.*;

            public class PerKey implements Workflow {
                static class Count implements RowOperator {
                    final Map<String, Object> counts = new HashMap<>();

                    @Override
                    public List<Row> process(Row row) {
                        Object nth = counts.merge(row.getString("key"), 1L, (a, b) -> (Long) a + (Long) b);
                        return List.of(row.with("nth", nth));
                    }

                    @Override
                    public Row checkpoint() {
                        return Row.ofMap(counts);
                    }

                    @Override
                    public void restore(Row state) {
                        counts.putAll(state.toMap());
                    }
                }

                static class RescalableCount extends Count implements Rescalable {
                    @Override
                    public void rescale(TaskState before, TaskShare own) {
                        before.checkpoint().toMap().forEach((key, count) -> {
                            if (own.owns(key)) {
                                counts.put(key, count);
                            }
                        });
                    }
                }

                @Override
                public Job createJob(JobContext context) {
                    GeneratorSource numbers = GeneratorSource.numbers(1, 4000)
                            .splits(4)
                            .rowsPerSecond(context.config().number("rate", 0));
                    boolean fixed = context.config().flag("fixed", false);
                    return new Job(context)
                            .addStage(Stage.of("numbers", numbers).parallelism(2))
                            .addStage(Stage.of("by", KeyByOperator.rows(row -> "key " + row.getLong("number") % 23))
                                    .parallelism(2), "numbers")
                            .addStage(Stage.operator("count", fixed ? Count::new : RescalableCount::new)
                                    .parallelism(context.config().positive("tasks", 2)), "by")
                            .addStage(Stage.of("out", FileSink.json(context.config().required("output")))
                                    .parallelism(2), "count");
                }
            }
            """;

    private static final Pattern LINE = Pattern.compile("\"number\":\\s*(\\d+).*\"nth\":\\s*(\\d+)");

    private static final Pattern COUNT = Pattern.compile("\"key \\d+\" : (\\d+)");

    @TempDir
    Path folder;

    private List<String> words(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command, "PerKey.java", "--job-id", "keys"));
        words.addAll(List.of("--output", folder.resolve("all").toString()));
        words.addAll(List.of("--state-path", folder.resolve("state").toString()));
        words.addAll(List.of(more));
        return words;
    }

    private static Cli.Ended cli(LiveCluster cluster, List<String> words) throws IOException, InterruptedException {
        return cluster.cli(words.toArray(String[]::new));
    }

    private static Cli.Ended zero(Cli.Ended ended) {
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        return ended;
    }

    @Test
    void aKeyedCountGoesOnWithMoreAndWithFewerTasks() throws Exception {
        Files.writeString(folder.resolve("PerKey.java"), SOURCE);
        try (LiveCluster cluster = new LiveCluster(folder)) {
            cluster.startAll("ada", "bob");
            zero(cli(cluster, words("submit", "--rate", "600", "--tasks", "3")));
            awaitRows(cluster);
            assertThat(remembered(cluster))
                    .as("rows that the running tasks have counted")
                    .isGreaterThan(400);
            stop(cluster);

            Cli.Ended refused =
                    cli(cluster, words("run", "--restore-from", "latest", "--tasks", "2", "--fixed", "true"));
            assertThat(refused.code()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("SOL-2202", "stage 'count' has 2 tasks now, but the checkpoint has state of 3 tasks")
                    .contains("implement Rescalable");

            zero(cli(cluster, words("submit", "--restore-from", "latest", "--rate", "600", "--tasks", "2")));
            stop(cluster);
            zero(cli(cluster, words("run", "--restore-from", "latest", "--tasks", "5")));
        }
        assertThat(NumberedRows.in(folder.resolve("all")))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, ROWS).boxed().toList());
        counted()
                .forEach((key, numbers) -> assertThat(numbers.stream().sorted())
                        .as("the numbers of key %s", key)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, numbers.size())
                                .boxed()
                                .toList()));
    }

    private static void awaitRows(LiveCluster cluster) {
        await().atMost(ForegroundDaemon.LIMIT)
                .until(() -> cluster.describe("keys").getJob().getStages(2).getInputRecords() > 400);
    }

    /** The sum of all counts. */
    private long remembered(LiveCluster cluster) throws Exception {
        String statePath = folder.resolve("state").toString();
        String state = zero(cluster.cli("state", "keys", "count", "--live", "--state-path", statePath, "-o", "json"))
                .out();
        return COUNT.matcher(state)
                .results()
                .mapToLong(count -> Long.parseLong(count.group(1)))
                .sum();
    }

    /** When some hundred more rows have been counted. */
    private static void stop(LiveCluster cluster) throws Exception {
        awaitRows(cluster);
        zero(cluster.cli("job", "stop", "keys", "--savepoint"));
        cluster.awaitState("keys", JobState.FINISHED);
    }

    /** For each key the numbers that its rows were given. */
    private Map<Long, List<Long>> counted() throws IOException {
        Map<Long, List<Long>> counted = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("all"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher match = LINE.matcher(line);
                    assertThat(match.find()).as(line).isTrue();
                    counted.computeIfAbsent(Long.parseLong(match.group(1)) % KEYS, none -> new ArrayList<>())
                            .add(Long.valueOf(match.group(2)));
                }
            }
        }
        assertThat(counted).hasSize(KEYS);
        return counted;
    }
}
