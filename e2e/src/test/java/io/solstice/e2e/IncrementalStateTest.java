package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.api.window.Aggregates;
import io.solstice.common.graph.StateStore;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.StatePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A state of many keys, of which each checkpoint writes a part. */
@Timeout(90)
class IncrementalStateTest {
    private static final long KEYS = 20_000;
    private static final long FIRST = 25_000;
    private static final long ROWS = 300_000;
    private static final long MANY_KEYS = 200_000;
    private static final Schema KEYED = new Schema(List.of(field("number"), field("key")));

    @TempDir
    Path folder;

    private static Field field(String name) {
        return new Field(name, FieldType.nullable(new ArrowType.Int(64, true)), null);
    }

    /** Numbers the rows of a key. */
    private static final class Counting implements KeyedOperator {
        private @Nullable ValueState<Long> count;
        private @Nullable ValueState<String> text;

        @Override
        public void declare(States states) {
            count = states.value("count", Long.class);
            text = states.value("text", String.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            ValueState<Long> counted = Objects.requireNonNull(count);
            Long before = counted.get();
            long nth = before == null ? 1 : before + 1;
            counted.set(nth);
            Objects.requireNonNull(text).set(("so far " + nth + " rows of this key have come; ").repeat(6));
            out.emit(Row.of("key", row.getLong("key"), "nth", nth));
        }
    }

    private Job job(StateStore store, int tasks, double rate) {
        return job(store, tasks, rate, KEYS, Stage.operator("count", Counting::new));
    }

    /** The same rows, counted by the engine, with so many keys that each task's table becomes more than one piece. */
    private Job aggregation(int tasks, double rate) {
        AggregateOperator counts = AggregateOperator.by("key")
                .preAggregate(false)
                .aggregate(Aggregates.count().as("nth"), Aggregates.max("number"));
        return job(StateStore.AUTO, tasks, rate, MANY_KEYS, Stage.of("count", counts));
    }

    private Job job(StateStore store, int tasks, double rate, long keys, Stage counting) {
        return new Job("incremental")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .stateStore(store)
                .stateFolder(folder.resolve("stores").toString())
                .checkpointIntervalSecs(0.2)
                .addStage(Stage.of(
                                "in", GeneratorSource.numbers(1, ROWS).splits(2).rowsPerSecond(rate))
                        .parallelism(2))
                .addStage(
                        Stage.of("key", MapOperator.rows(KEYED, row -> row.with("key", row.getLong("number") % keys)))
                                .parallelism(2),
                        "in")
                .addStage(Stage.of("by", KeyByOperator.columns("key")).parallelism(2), "key")
                .addStage(counting.parallelism(tasks), "by")
                .addStage(
                        Stage.of("out", FileSink.json(folder.resolve("rows").toString()))
                                .parallelism(2),
                        "count");
    }

    /** Runs until so many rows have been counted, or to the end, and tells the newest checkpoint. */
    private static String run(Job job, String restoreFrom, long rows, int checkpoints) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = restoreFrom.isEmpty() ? engine.submit(job) : engine.submit(job, restoreFrom);
            if (rows < ROWS) {
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    assertThat(handle.getStatus().error()).isNull();
                    return handle.getMetrics().stages().stream()
                                    .anyMatch(stage -> stage.stageId().equals("count") && stage.inputRecords() >= rows)
                            && handle.getStatus().checkpoints().totalCheckpoints() >= checkpoints;
                });
                String last = handle.stopWithSavepoint();
                assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
                return last;
            }
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
            return "";
        }
    }

    /** For which checkpoints the states were written that one of them names. */
    private Set<Long> epochs(String checkpoint) throws IOException {
        Path backend = folder.resolve("state");
        Path manifest = backend.resolve("incremental/checkpoints/" + checkpoint + "/manifest.json");
        JsonObject json = JsonParser.parseString(Files.readString(manifest)).getAsJsonObject();
        Set<Long> epochs = new HashSet<>();
        for (JsonElement state : json.getAsJsonArray("states")) {
            String key = state.getAsJsonObject().get("key").getAsString();
            assertThat(backend.resolve(key)).isRegularFile();
            epochs.add(StatePlace.of(key).orElseThrow().epoch());
        }
        return epochs;
    }

    /** Of the checkpoints that are kept, the one that names states of the most. */
    private int mostEpochs() throws IOException {
        int most = 0;
        try (Stream<Path> kept = Files.list(folder.resolve("state/incremental/checkpoints"))) {
            for (Path checkpoint : kept.toList()) {
                if (Files.exists(checkpoint.resolve("manifest.json"))) {
                    most = Math.max(
                            most, epochs(checkpoint.getFileName().toString()).size());
                }
            }
        }
        return most;
    }

    /** At the end also in tables, wherever the state was before. */
    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"AUTO", "ROCKSDB", "DISK"})
    void whatAnEarlierCheckpointWroteIsNamedAndComesBack(StateStore store) throws Exception {
        String first = run(job(store, 2, 20_000), "", FIRST, 1);
        // The same tasks go on from what is stored, and name it while they change little of it.
        String second = run(job(store, 2, 2_000), first, 2_000, 3);
        if (store == StateStore.AUTO) {
            assertThat(epochs(second)).as("checkpoints whose states are named").hasSizeGreaterThan(1);
        } else if (store == StateStore.ROCKSDB) {
            // Now and then it puts all of so little into new files.
            assertThat(mostEpochs()).isGreaterThan(1);
        }
        String third = run(job(store, 3, 2_000), second, 500, 1);
        assertThat(epochs(third)).as("other tasks have written all of theirs").isNotEmpty();
        run(job(StateStore.AUTO, 1, 0), third, ROWS, 0);
        assertThat(folder.resolve("stores/rocksdb").toFile().exists()).isEqualTo(store == StateStore.ROCKSDB);
        assertThat(folder.resolve("stores/cache").toFile().exists()).isEqualTo(store == StateStore.DISK);
        assertThat(leftInStores()).isEmpty();
        int[] seen = new int[(int) KEYS];
        for (long[] row : rows()) {
            seen[(int) row[0]] |= 1 << row[1];
        }
        int all = 0;
        for (long nth = 1; nth <= ROWS / KEYS; nth++) {
            all |= 1 << nth;
        }
        assertThat(seen).as("each key was counted from 1 to %d", ROWS / KEYS).containsOnly(all);
        assertThat(rows()).hasSize((int) ROWS);
    }

    @Test
    void anAggregationNamesWhatItHasWritten() throws Exception {
        String first = run(aggregation(2, 40_000), "", 160_000, 1);
        String second = run(aggregation(2, 2_000), first, 1_000, 3);
        assertThat(epochs(second)).as("checkpoints whose states are named").hasSizeGreaterThan(1);
        String third = run(aggregation(3, 2_000), second, 500, 1);
        run(aggregation(1, 0), third, ROWS, 0);
        List<long[]> rows = rows();
        assertThat(rows).hasSize((int) MANY_KEYS);
        for (long[] row : rows) {
            // Numbers begin with 1, so that the first keys come twice.
            assertThat(row[1]).as("rows of key %d", row[0]).isEqualTo(row[0] > 0 && row[0] <= ROWS - MANY_KEYS ? 2 : 1);
        }
    }

    private List<long[]> rows() throws IOException {
        Pattern line = Pattern.compile("\"key\":\\s*(\\d+),\\s*\"nth\":\\s*(\\d+)");
        List<long[]> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("rows"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String text : Files.readAllLines(file)) {
                    Matcher match = line.matcher(text);
                    assertThat(match.find()).as(text).isTrue();
                    rows.add(new long[] {Long.parseLong(match.group(1)), Long.parseLong(match.group(2))});
                }
            }
        }
        return rows;
    }

    /** The folders of tasks go with them. */
    private List<Path> leftInStores() throws IOException {
        if (!Files.isDirectory(folder.resolve("stores"))) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder.resolve("stores"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
