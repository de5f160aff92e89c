package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.MemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tasks had of their state when trouble ended them is there for those that begin again on the same worker. */
@Timeout(60)
class LeftStateTest {
    private static final long KEYS = 10_000;
    private static final long ROWS = 90_000;
    private static final double RATE = 30_000;
    private static final Schema KEYED = new Schema(List.of(field("number"), field("key")));

    private final AtomicBoolean fail = new AtomicBoolean();
    private final AtomicLong added = new AtomicLong();

    @TempDir
    Path folder;

    private static Field field(String name) {
        return new Field(name, FieldType.nullable(new ArrowType.Int(64, true)), null);
    }

    /** Adds up the numbers of a key, and meets trouble when the test says so. */
    private final class Adding implements KeyedOperator {
        private @Nullable ValueState<Long> sum;

        @Override
        public void declare(States states) {
            sum = states.value("sum", Long.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            if (fail.compareAndSet(true, false)) {
                throw ErrorCode.IO_FAILED.error("trouble that passes").toException();
            }
            ValueState<Long> state = Objects.requireNonNull(sum);
            Long before = state.get();
            state.set((before == null ? 0 : before) + row.getLong("number"));
            added.incrementAndGet();
            out.emit(Row.of("key", row.getLong("key"), "sum", Objects.requireNonNull(state.get())));
        }
    }

    private Job job(MemorySink sink) {
        return new Job("left")
                .stateBackend(new LocalStateBackend(folder.toString()))
                .checkpointIntervalSecs(3_600)
                .addStage(Stage.of(
                                "in", GeneratorSource.numbers(1, ROWS).splits(2).rowsPerSecond(RATE))
                        .parallelism(2))
                .addStage(
                        Stage.of("key", MapOperator.rows(KEYED, row -> row.with("key", row.getLong("number") % KEYS)))
                                .parallelism(2),
                        "in")
                .addStage(Stage.of("by", KeyByOperator.columns("key")).parallelism(2), "key")
                .addStage(Stage.operator("sum", Adding::new).parallelism(2), "by")
                .addStage(Stage.sink("out", sink), "sum");
    }

    private List<Path> tables() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".table.arrow")).toList();
        }
    }

    @Test
    void tasksThatBeginAgainDoNotReadWhatIsInMemory() throws Exception {
        MemorySink sink = new MemorySink();
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job(sink));
            await().until(() -> added.get() > KEYS);
            handle.triggerCheckpoint();
            assertThat(tables()).isNotEmpty();
            for (Path table : tables()) {
                Files.delete(table);
            }
            for (int troubles = 1; troubles <= 2; troubles++) {
                fail.set(true);
                int restarts = troubles;
                await().until(() -> {
                    assertThat(handle.getStatus().error()).isNull();
                    return handle.getStatus().restarts() == restarts;
                });
                long before = added.get();
                await().until(() -> added.get() > before + 100);
            }
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
        Map<Long, Long> sums = new HashMap<>();
        sink.rows().forEach(row -> sums.merge(row.getLong("key"), row.getLong("sum"), Math::max));
        assertThat(sink.rows()).hasSize((int) ROWS);
        for (long key = 0; key < KEYS; key++) {
            long sum = 0;
            for (long number = key == 0 ? KEYS : key; number <= ROWS; number += KEYS) {
                sum += number;
            }
            assertThat(sums.get(key)).as("sum of key %d", key).isEqualTo(sum);
        }
    }
}
