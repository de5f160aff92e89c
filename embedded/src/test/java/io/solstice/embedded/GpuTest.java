package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.config.Component;
import io.solstice.common.config.SettingsReader;
import io.solstice.common.config.Surroundings;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.MemorySink;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that need GPUs, on two workers that are told of two each. Neither has to have any. */
class GpuTest {
    private static final int ROWS = 8_000;

    @TempDir
    Path folder;

    private final MemorySink sink = new MemorySink();

    /** Says which GPUs its task has. */
    private static final class GpuTag implements RowOperator {
        private String seen = "";
        private String ordinals = "";

        @Override
        public void open(OperatorContext context) {
            seen = context.taskIndex() + ":" + String.join(",", context.gpuIds());
            ordinals = context.gpuOrdinals().toString();
        }

        @Override
        public List<Row> process(Row record) {
            return List.of(record.with("seen", seen).with("ordinals", ordinals));
        }
    }

    private List<String> gpuIds() {
        Surroundings here = new Surroundings(
                Map.of("CUDA_VISIBLE_DEVICES", "3,GPU-5a,7"),
                folder,
                Surroundings.ofProcess().machine(),
                () -> "abc");
        return WorkerConfig.of(SettingsReader.read(Component.WORKER, List.of("--gpus", "2"), here))
                .gpuIds();
    }

    /** By task, the GPUs that it saw. */
    private Map<String, String> run(String id, double need, int tasks) throws Exception {
        try (FlightCluster cluster = new FlightCluster(gpuIds())) {
            for (int round = 0; round < 2; round++) {
                Job job = new Job(id + round)
                        .addStage(Stage.of(
                                        "numbers",
                                        GeneratorSource.numbers(1, ROWS).splits(8))
                                .parallelism(tasks))
                        .addStage(
                                Stage.operator("tagged", GpuTag::new)
                                        .parallelism(tasks)
                                        .numGpus(need),
                                "numbers")
                        .addStage(Stage.sink("kept", sink), "tagged");
                JobSnapshot end = cluster.submit(job).end().get(60, TimeUnit.SECONDS);
                assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
            }
        }
        assertThat(sink.rows()).hasSize(2 * ROWS);
        Map<String, String> seen = new TreeMap<>();
        sink.rows().forEach(row -> {
            String[] tag = row.getString("seen").split(":", 2);
            seen.merge(tag[0], tag[1], (a, b) -> a.equals(b) ? a : a + " and " + b);
            assertThat(row.getString("ordinals")).isIn("[0]", "[1]", "[0, 1]");
        });
        return seen;
    }

    @Test
    void eachTaskHasGpusOfItsOwn() throws Exception {
        Map<String, String> seen = run("whole", 1, 4);
        assertThat(seen.keySet()).containsExactly("0", "1", "2", "3");
        assertThat(seen.values()).containsExactlyInAnyOrder("3", "3", "GPU-5a", "GPU-5a");
    }

    @Test
    void aTaskMayHaveSeveral() throws Exception {
        Map<String, String> seen = run("pair", 2, 2);
        assertThat(seen).isEqualTo(Map.of("0", "3,GPU-5a", "1", "3,GPU-5a"));
    }

    @Test
    void tasksThatNeedHalfShareTheFirst() throws Exception {
        Map<String, String> seen = run("half", 0.5, 4);
        assertThat(new TreeSet<>(seen.values())).isEqualTo(Set.of("3"));
    }
}
