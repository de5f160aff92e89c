package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stream processors from their documents alone, as processes of their own. */
@Timeout(120)
class StreamCliTest {
    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void inAFolder() {
        cli = new Cli(folder);
    }

    private static long counted(Stream<String> results) {
        return results.mapToLong(line -> {
                    Matcher count = COUNT.matcher(line);
                    assertThat(count.find()).as(line).isTrue();
                    return Long.parseLong(count.group(1));
                })
                .sum();
    }

    /** The file as it is shipped, word for word, with a mock source that ends. */
    @Test
    void theShippedExampleRuns() throws Exception {
        Cli.Ended ended = cli.run(
                "run", "--config", "conf/stream.yaml.example", "--sources.events", "700", "--sources.rate", "0");
        assertThat(ended.code()).as(ended.err()).isZero();
        List<String> lines = ended.out().lines().toList();
        for (int n = 1; n <= lines.size(); n++) {
            assertThat(lines.get(n - 1))
                    .startsWith("RESULT #" + n + ": {\"window_id\":\"tumbling_partition_")
                    .endsWith("\"pipeline\":\"default\",\"key\":\"" + key(lines.get(n - 1))
                            + "\",\"window\":\"tumbling_60000\",\"pane_index\":0,\"is_late\":false}");
        }
        assertThat(counted(lines.stream())).isEqualTo(700);
        assertThat(ended.err()).contains("default_source").doesNotContain("note: the workflow does not read");
    }

    private static String key(String line) {
        int at = line.indexOf("partition_");
        return line.substring(at, at + "partition_0".length());
    }

    private static final String SIX_SECONDS = """
            app_name: "My Stream Processor"
            processing: {checkpoint_interval: 0.5}
            watermarks: {delay_seconds: 1}
            windowing: {windows: [{type: tumbling, size_ms: 100}]}
            pipelines:
              - id: mock
                source: {type: mock, rate: 1000, events: 6000}
                aggregate: {functions: [count]}
                sinks: [{type: file, path: results.jsonl}, {type: console}, {type: metrics}]
            job: {id: mock}
            """;

    /** What SIGTERM ended is gone on with, and each event is counted once. */
    @Test
    void aSignalStopsItWithALastCheckpoint() throws Exception {
        cli.write("stream.yaml", SIX_SECONDS);
        Process running = cli.start("run", "--config", "stream.yaml");
        await().atMost(Duration.ofSeconds(60)).until(() -> cli.text("stdout").contains("RESULT #10: "));
        running.destroy();
        Cli.Ended stopped = cli.end(running);
        assertThat(stopped.code()).as(stopped.err()).isZero();
        assertThat(stopped.err())
                .contains("note: stopping with a last checkpoint", "--job-id mock --restore-from checkpoint_")
                .contains("results of pipeline 'mock': {\"total_results\":", "\"unique_windows\":")
                .contains("job 'mock' FINISHED");
        assertThat(folder.resolve("state/mock"))
                .as("where checkpoints are kept")
                .isDirectory();
        int published = cli.lines("results.jsonl").size();
        assertThat(published).isEqualTo(stopped.out().lines().count());

        Cli.Ended whole = cli.run("run", "--config", "stream.yaml", "--restore-from", "latest");
        assertThat(whole.code()).as(whole.err()).isZero();
        List<String> results = cli.lines("results.jsonl");
        assertThat(counted(results.stream())).isEqualTo(6_000);
        assertThat(results.stream().map(line -> line.replaceAll(".*\"result_id\":\"([^\"]+)\".*", "$1")))
                .doesNotHaveDuplicates();
        assertThat(whole.out().lines()).hasSize(results.size() - published);
        assertThat(whole.err()).contains("\"total_results\":" + results.size());
    }

    @Test
    void whatIsWrongIsRefusedWithItsPlace() throws Exception {
        refused(
                "pipelines: [{id: a, windows: [{type: session, gap_ms: 5}, {type: tumbling, size_ms: 5, size: 5}]}]",
                78,
                "SOL-1601",
                "pipelines[0].windows[1].size",
                "did you mean 'size_ms'?");
        refused("app_name: x\npipelines: [{id: a, source: {type: kafka}}]", 1, "SOL-1606", "pipelines[0].source.type");
        refused("app_name: x\nconfig: {a: 1}", 78, "SOL-1601", "the document has no key 'config'");
        refused("app_name: x\njob: {idd: a}", 78, "SOL-1601", "did you mean 'id'?");
        refused(
                "pipelines: [{id: a, source: {type: file, path: none.jsonl}, sinks: {type: file, path: out}}]",
                1,
                "SOL-3201",
                "none.jsonl");
        assertThat(folder.resolve("out")).doesNotExist();
        cli.write("stream.yaml", "app_name: x\n");
        Cli.Ended both = cli.run("run", "--config", "stream.yaml", "--workflow", "workflows.quickstart");
        assertThat(both.code()).isEqualTo(64);
        assertThat(both.err()).contains("SOL-1503", "is not for workflows.quickstart");
    }

    private void refused(String yaml, int code, String... texts) throws IOException, InterruptedException {
        cli.write("stream.yaml", yaml + "\n");
        Cli.Ended ended = cli.run("run", "--config", "stream.yaml");
        assertThat(ended.err()).contains(texts);
        assertThat(ended.code()).isEqualTo(code);
    }
}
