package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command lines of the documents, word for word but for the name of the program. */
class DocumentedCommandsCliTest {
    private static final String TO_LANCE = """
            import io.solstice.api.*;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;

            public class ToLance implements Workflow {
                public Job createJob(JobContext context) {
                    return new Job(context)
                            .addStage(Stage.of("in", FileSource.json(context.config().required("input"))))
                            .addStage(Stage.of("out", LanceSink.of(context.config().required("output"))), "in");
                }
            }
            """;

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void inAFolder() {
        cli = new Cli(folder);
    }

    private void lanceTable(String name, Stream<String> rows) throws IOException, InterruptedException {
        cli.write("rows.json", String.join("\n", rows.toList()) + "\n");
        cli.write("ToLance.java", TO_LANCE);
        Cli.Ended made = cli.run("run", "ToLance.java", "--input", "rows.json", "--output", name);
        assertThat(made.code()).as(made.err()).isZero();
    }

    @Test
    void simpleEtl() throws IOException, InterruptedException {
        lanceTable(
                "in.lance", Stream.iterate(1, i -> i + 1).limit(50).map("{\"id\": %1$d, \"value\": %1$d}"::formatted));
        Cli.Ended ended = cli.run(
                "run",
                "--config",
                "solstice/solstice/examples/configs/simple_etl.yaml",
                "--workflow",
                "solstice.solstice.examples.workflows.simple_etl",
                "--job-id",
                "my_etl_job_001",
                "--input=in.lance",
                "--output=out.json");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("job 'my_etl_job_001' FINISHED");
        assertThat(cli.lines("out.json"))
                .hasSize(40)
                .contains("{\"id\":11,\"value\":11,\"processed\":true,\"value_doubled\":22}");

        Cli.Ended printed =
                cli.run("run", "--workflow", "workflows.simple_etl", "--job-id", "my_job", "--input", "in.lance");
        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(printed.out().lines()).hasSize(40).allMatch(line -> line.startsWith("["));
    }

    @Test
    void eventCounts() throws IOException, InterruptedException {
        Cli.Ended ended = cli.run("run", "--workflow", "workflows.event_counts", "--output", "counts.json");
        assertThat(ended.code()).as(ended.err()).isZero();
        Pattern events = Pattern.compile("\"event_type\":\"(.*?)\".*\"events\":([0-9]+)");
        Map<String, Long> counted = new HashMap<>();
        for (String line : cli.lines("counts.json")) {
            Matcher found = events.matcher(line);
            assertThat(found.find()).as(line).isTrue();
            counted.merge(found.group(1), Long.parseLong(found.group(2)), Long::sum);
        }
        assertThat(counted).containsOnlyKeys("user_action", "sensor_reading", "transaction", "click");
        assertThat(counted.values().stream().mapToLong(n -> n).sum())
                .as("none is late")
                .isEqualTo(100_000);
    }

    @Test
    void videoProcessing() throws IOException, InterruptedException {
        lanceTable(
                "videos.lance",
                Stream.of(
                        "{\"id\": 1, \"info\": {\"duration\": 17.5, \"width\": 640, \"height\": 480}}",
                        "{\"id\": 2, \"info\": {\"duration\": 0.5, \"width\": 640, \"height\": 480}}",
                        "{\"id\": 3, \"info\": {\"duration\": 4.0, \"width\": 1920, \"height\": 1080}}"));
        List<String> documented = List.of(
                "run",
                "--config",
                "solstice/solstice/examples/configs/video_processing.yaml",
                "--workflow",
                "solstice.solstice.examples.workflows.video_processing",
                "--job-id",
                "video_processing_001");
        Cli.Ended json = cli.run(Stream.concat(
                        documented.stream(),
                        Stream.of(
                                "--input",
                                "videos.lance",
                                "--output",
                                "scenes",
                                "--output-format",
                                "json",
                                "--classify-parallelism",
                                "8",
                                "--scenes-parallelism",
                                "16",
                                "--features-parallelism",
                                "4"))
                .toArray(String[]::new));
        assertThat(json.code()).as(json.err()).isZero();
        try (Stream<Path> parts = Files.list(folder.resolve("scenes"))) {
            List<String> scenes = parts.flatMap(part -> read(part)).toList();
            assertThat(scenes).hasSize(4).allMatch(line -> line.contains("\"quality_score\":0.85"));
            assertThat(scenes.stream().filter(line -> line.contains("\"id\":1,")))
                    .hasSize(3);
        }
        Cli.Ended lance = cli.run(
                Stream.concat(documented.stream(), Stream.of("--input", "videos.lance", "--output", "scenes.lance"))
                        .toArray(String[]::new));
        assertThat(lance.code()).as(lance.err()).isZero();
        assertThat(folder.resolve("scenes.lance/_versions")).isDirectory();
    }

    private static Stream<String> read(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void quickstart() throws IOException, InterruptedException {
        Cli.Ended ended = cli.run("run", "--workflow", "workflows.quickstart");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().lines())
                .hasSize(25)
                .anyMatch(line -> line.endsWith("{number: 2, squared: 4}"))
                .anyMatch(line -> line.endsWith("{number: 50, squared: 2500}"));
        assertThat(ended.err()).contains("Processed 25 records total").containsPattern("job 'job_\\d+' FINISHED");
    }

    @Test
    void theWorkflowsInTheDocuments() throws IOException, InterruptedException {
        cli.write("people.json", "{\"name\": \"Ada\", \"age\": 36}\n{\"name\": \"Tim\", \"age\": 7}\n");
        assertThat(adultsOf("README.md")).containsExactly("{\"name\":\"Ada\",\"age\":36,\"greeting\":\"Hello Ada\"}");
        assertThat(adultsOf("docs/getting-started.md")).containsExactly("{\"name\":\"Ada\",\"text\":\"Hello Ada\"}");
    }

    private List<String> adultsOf(String document) throws IOException, InterruptedException {
        String text = Files.readString(
                Path.of(System.getProperty("solstice.root", "..")).resolve(document));
        int start = text.indexOf("```java\n") + "```java\n".length();
        cli.write("Adults.java", text.substring(start, text.indexOf("```", start)));
        Cli.Ended ended = cli.run("run", "Adults.java", "--input", "people.json", "--output", "adults.json");
        assertThat(ended.code()).as(ended.err()).isZero();
        return cli.lines("adults.json");
    }
}
