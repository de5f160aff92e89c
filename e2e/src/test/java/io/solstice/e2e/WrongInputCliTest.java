package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the process says and returns when something is wrong, and when it is told to stop. */
class WrongInputCliTest {
    private static final String ENDLESS = """
            import io.solstice.api.*;
            import io.solstice.api.operator.*;
            import io.solstice.api.row.*;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;

            class Endless implements Workflow {
                public Job createJob(JobContext context) {
                    long bad = context.config().wholeNumber("bad", -1);
                    return new Job(context)
                            .addStage(Stage.of("in", GeneratorSource.numbers(1, 1_000_000).rowsPerSecond(200)))
                            .addStage(Stage.of("check", MapOperator.rows(row -> check(row, bad))), "in")
                            .addStage(Stage.of("print", PrintSink.create()), "check")
                            .addStage(Stage.of("file", FileSink.json("out.json")), "check");
                }

                static Row check(Row row, long bad) {
                    if (row.getLong("number") == bad) {
                        throw new IllegalStateException("number " + bad + " is not wanted");
                    }
                    return row;
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

    @Test
    void aWrongCommandLine() throws IOException, InterruptedException {
        Cli.Ended ended = cli.run("run", "--workflow", "workflows.simpel_etl");
        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.err()).contains("error[SOL-1502]", "did you mean 'workflows.simple_etl'?");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void aWrongConfiguration() throws IOException, InterruptedException {
        cli.write("job.yaml", "config:\n  input: a\njob:\n  ids: 4\n");
        Cli.Ended ended = cli.run("run", "--workflow", "workflows.simple_etl", "--config", "job.yaml");
        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err()).contains("error[SOL-1601]: 'job' has no key 'ids'", "job.yaml:4:3");
        Cli.Ended missing = cli.run("run", "--workflow", "workflows.simple_etl", "--input", "none.lance");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("error[SOL-3201]", "stage 'source'").doesNotContain("\tat ");
    }

    @Test
    void aFunctionThatThrows() throws IOException, InterruptedException {
        cli.write("Endless.java", ENDLESS);
        Cli.Ended ended = cli.run("run", "Endless.java", "--bad", "3");
        assertThat(ended.code()).isEqualTo(70);
        assertThat(ended.err())
                .contains("error[SOL-1303]", "stage 'check'", "Endless.java:19", "number 3 is not wanted")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("out.json")).doesNotExist();
    }

    @Test
    void sigtermCancelsTheJobAndLeavesNothing() throws IOException, InterruptedException {
        cli.write("Endless.java", ENDLESS);
        Process process = cli.start("run", "Endless.java", "--job-id", "endless");
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> cli.text("stdout").contains("number: "));
        process.destroy();
        Cli.Ended ended = cli.end(process);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("job 'endless' CANCELLED");
        assertThat(folder.resolve("out.json")).doesNotExist();
    }
}
