package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.JobMetrics;
import io.solstice.api.StageMetrics;
import io.solstice.common.protocol.JobState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Terminal TERMINAL = Terminal.plain(System.out, System.err, Map.of());

    private static final JobView VIEW =
            new JobView(ProgressStyle.AUTO, new LiveScreen(System.err), TERMINAL, false, true, "");

    private static JobMetrics at(double secs, long rows, int splitsDone) {
        return new JobMetrics(
                "my_job",
                JobState.RUNNING,
                secs,
                List.of(
                        new StageMetrics(
                                "source", 1, rows, rows, 0, 0, 8, splitsDone, 0, false, List.of(), null, List.of()),
                        new StageMetrics(
                                "filter", 2, rows, rows / 2, 3, 0, 0, 0, 0, false, List.of(), null, List.of())),
                5L << 20);
    }

    @Test
    void drawsALineForEachStageAndABarForSplits() {
        Rates rates = new Rates();
        rates.update(at(1, 1_000_000, 4));
        List<String> block = ProgressText.block(at(1, 1_000_000, 4), rates, VIEW, "");
        assertThat(block).hasSize(5);
        assertThat(block.get(0)).startsWith("my_job RUNNING  1.00 s  memory 5 MB of batches");
        assertThat(block.get(3)).contains("filter", "1,000,000", "500,000", "3");
        assertThat(block.get(4)).isEqualTo("  splits [############............] 4/8");
        assertThat(block).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void writesOnePlainLine() {
        Rates rates = new Rates();
        rates.update(at(10, 1_000_000, 2));
        assertThat(ProgressText.line(at(10, 1_000_000, 2), rates, VIEW, ""))
                .startsWith("my_job RUNNING 10.00 s | source 1,000,000 rows, 100,000/s, splits 2/8"
                        + " | filter 1,000,000 rows, 100,000/s, 3 skipped | memory 5 MB")
                .doesNotContain("\n");
    }

    @Test
    void followsTheRateOfTheLastMoments() {
        Rates rates = new Rates();
        rates.update(at(1, 1000, 0));
        for (int i = 2; i < 12; i++) {
            rates.update(at(i, 1000, 0));
        }
        assertThat(rates.of(at(12, 1000, 0).stages().get(0))).isLessThan(10);
    }

    @Test
    void keepsLogLinesAboveTheBlock() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LiveScreen screen = new LiveScreen(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        screen.draw(List.of("a", "b"));
        screen.stream().write("log\n".getBytes(StandardCharsets.UTF_8));
        screen.draw(List.of("c"));
        screen.erase();
        screen.erase();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("a\nb\n" + "\u001b[2A\r\u001b[J" + "log\n" + "c\n" + "\u001b[1A\r\u001b[J");
    }
}
