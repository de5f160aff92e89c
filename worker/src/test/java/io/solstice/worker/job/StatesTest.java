package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.row.Row;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.common.store.ObjectStores;
import io.solstice.spi.StateFormat;
import io.solstice.worker.task.Cut;
import io.solstice.worker.task.OperatorState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatesTest {
    private static final RunId RUN = new RunId(new JobId("job"), 3);
    private static final StageId STAGE = new StageId("count");
    private static final TaskId TASK = new TaskId(new JobId("job"), STAGE, 1);

    @TempDir
    Path folder;

    private final BufferAllocator memory = new RootAllocator();
    private final LeftTables left = new LeftTables(memory);
    private final ConcurrentLinkedQueue<WorkerReport> reports = new ConcurrentLinkedQueue<>();

    @AfterEach
    void noMemoryIsLeft() {
        left.close();
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private StateStorage storage() {
        return new StateStorage(
                RUN,
                "0123456789ab",
                left,
                () -> ObjectStores.open(Map.of("type", "local", "base_path", folder.toString())));
    }

    private OperatorState state(Row checkpoint, Row values) {
        StateFormat.Origin origin = new StateFormat.Origin("count", 1, 2, "Count");
        return new OperatorState(STAGE, StateFormat.copy(new StateFormat.State(checkpoint, values), origin, memory));
    }

    private static Cut cut(long epoch, List<OperatorState> states) {
        return new Cut(
                epoch,
                List.of(new SourcePosition(STAGE, 1, 2, 3)),
                states,
                List.of(new Committable(STAGE, 1, "sealed " + epoch)));
    }

    @Test
    void aStateComesBackAsItWas() {
        Row checkpoint = Row.of("a", 1, "b", List.of("x", "y"), "c", Row.of("d", 2.5), "e", null);
        Row values = Row.of("counts", Map.of("x", 1L, "a key with spaces", 2L), "none", Map.of(), "f", new float[] {1});
        try (StateStorage storage = storage()) {
            StateObject object;
            try (OperatorState state = state(checkpoint, values)) {
                object = storage.write(TASK, 7, STAGE, Objects.requireNonNull(state.copy()), () -> {});
            }
            assertThat(object.key())
                    .startsWith("job/state/0123456789ab-3-7/count-1-")
                    .endsWith(".arrow");
            assertThat(object.bytes()).isPositive();
            StateFormat.State found = storage.read(object, 2, memory);
            assertThat(found.checkpoint()).isEqualTo(checkpoint);
            assertThat(found.values()).isEqualTo(values);
        }
    }

    @Test
    void aLargeStateIsCompressedIfThatMakesItSmaller() {
        String text = "the same words again and again ".repeat(10_000);
        byte[] noise = new byte[text.length()];
        new Random(1).nextBytes(noise);
        for (Object value : List.of(text, noise)) {
            try (StateStorage storage = storage();
                    OperatorState state = state(Row.of("value", value), Row.EMPTY)) {
                StateObject object = storage.write(TASK, 7, STAGE, Objects.requireNonNull(state.copy()), () -> {});
                assertThat(object.bytes())
                        .isLessThan(value == text ? text.length() / 100 : noise.length + noise.length / 100);
                assertThat(storage.read(object, 2, memory).checkpoint().get("value"))
                        .isEqualTo(value);
            }
        }
    }

    @Test
    void aStateIsNotCompressedWhileMemoryIsShort() {
        String text = "the same words again and again ".repeat(10_000);
        try (StateStorage storage = storage();
                OperatorState state = state(Row.of("value", text), Row.EMPTY);
                ArrowBuf most = memory.buffer(64L << 20)) {
            memory.setLimit(memory.getAllocatedMemory() + (1 << 20));
            StateObject object = storage.write(TASK, 7, STAGE, Objects.requireNonNull(state.copy()), () -> {});
            assertThat(object.bytes()).isGreaterThan(text.length());
            memory.setLimit(Long.MAX_VALUE);
            assertThat(storage.read(object, 2, memory).checkpoint().get("value"))
                    .isEqualTo(text);
        }
    }

    @Test
    void aDamagedOrMissingStateAndAnotherParallelismAreRefused() throws Exception {
        try (StateStorage storage = storage()) {
            StateObject object;
            try (OperatorState state = state(Row.of("a", 1), Row.EMPTY)) {
                object = storage.write(TASK, 7, STAGE, Objects.requireNonNull(state.copy()), () -> {});
            }
            assertThatThrownBy(() -> storage.read(object, 3, memory))
                    .hasMessageContaining("SOL-2207")
                    .hasMessageContaining("stage 'count'")
                    .hasMessageContaining("found one of 2 tasks, expected one of 3");
            Path file = folder.resolve(object.key());
            byte[] content = Files.readAllBytes(file);
            content[content.length / 2] ^= 1;
            Files.write(file, content);
            assertThatThrownBy(() -> storage.read(object, 2, memory))
                    .hasMessageContaining("SOL-2203")
                    .hasMessageContaining(object.key());
            Files.write(file, new byte[0]);
            assertThatThrownBy(() -> storage.read(object, 2, memory)).hasMessageContaining("SOL-2203");
            Files.delete(file);
            assertThatThrownBy(() -> storage.read(object, 2, memory))
                    .hasMessageContaining("SOL-2204")
                    .hasMessageContaining(object.key());
        }
    }

    @Test
    void theEndOfATaskIsToldAfterItsCuts() {
        TaskOutcome end = new TaskOutcome.Finished(List.of());
        try (Snapshots snapshots = new Snapshots(RUN, storage(), reports::add)) {
            snapshots.taken(TASK, cut(1, List.of()));
            assertThat(reports).as("a cut without state needs no thread").hasSize(1);
            for (int epoch = 2; epoch < 6; epoch++) {
                snapshots.taken(TASK, cut(epoch, List.of(state(Row.of("n", epoch), Row.EMPTY))));
            }
            snapshots.ended(new WorkerReport.TaskEnded(RUN, TASK, end));
        }
        List<WorkerReport> all = new ArrayList<>(reports);
        assertThat(all).hasSize(6).last().isEqualTo(new WorkerReport.TaskEnded(RUN, TASK, end));
        for (int epoch = 1; epoch < 6; epoch++) {
            WorkerReport.SnapshotTaken taken = (WorkerReport.SnapshotTaken) all.get(epoch - 1);
            assertThat(taken.epoch()).isEqualTo(epoch);
            assertThat(taken.snapshot().states()).hasSize(epoch == 1 ? 0 : 1);
            assertThat(taken.snapshot().committables()).hasSize(1);
        }
    }

    @Test
    void aTaskThatIsToEndLeavesNoStateBehind() throws Exception {
        StateStorage storage = storage();
        TaskId other = new TaskId(new JobId("job"), STAGE, 0);
        try (Snapshots snapshots = new Snapshots(RUN, storage, reports::add)) {
            snapshots.giveUp(TASK);
            snapshots.taken(TASK, cut(1, List.of(state(Row.of("n", 1), Row.EMPTY))));
            snapshots.taken(other, cut(1, List.of(state(Row.of("n", 1), Row.EMPTY))));
        }
        WorkerReport.SnapshotFailed failed = (WorkerReport.SnapshotFailed) reports.remove();
        assertThat(failed.task()).isEqualTo(TASK);
        assertThat(failed.committables()).as("to be thrown away").hasSize(1);
        assertThat(reports)
                .singleElement()
                .isInstanceOfSatisfying(
                        WorkerReport.SnapshotTaken.class,
                        taken -> assertThat(files())
                                .containsExactly(folder.resolve(
                                        taken.snapshot().states().get(0).key())));
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aStateThatCannotBeWrittenFailsTheCutAndNotTheTask() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        StateStorage broken = new StateStorage(
                RUN,
                "0123456789ab",
                left,
                () -> ObjectStores.open(Map.of("type", "local", "base_path", file.toString())));
        try (Snapshots snapshots = new Snapshots(RUN, broken, reports::add)) {
            snapshots.taken(TASK, cut(1, List.of(state(Row.of("n", 1), Row.EMPTY))));
        }
        assertThat(reports).singleElement().isInstanceOfSatisfying(WorkerReport.SnapshotFailed.class, failed -> {
            assertThat(failed.task()).isEqualTo(TASK);
            assertThat(failed.committables()).hasSize(1);
            assertThat(failed.error().code().code()).isEqualTo("SOL-3101");
        });
    }
}
