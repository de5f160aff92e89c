package io.solstice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.exchange.batch.Batch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFormatTest {
    private static final StateFormat.Origin ORIGIN = new StateFormat.Origin("count", 1, 2, "Count");

    @TempDir
    Path folder;

    private final BufferAllocator memory = new RootAllocator();

    @AfterEach
    void noMemoryIsLeft() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private byte[] written(StateFormat.State state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Batch copy = StateFormat.copy(state, ORIGIN, memory)) {
            StateFormat.write(copy, out);
        }
        return out.toByteArray();
    }

    private StateFormat.Found read(byte[] content) throws IOException {
        return StateFormat.read("key", new ByteArrayInputStream(content), content.length, memory);
    }

    private static StateFormat.State some() {
        return new StateFormat.State(
                Row.of("a", 1, "b", List.of("x", "y"), "c", Row.of("d", 2.5)),
                Row.of("counts", Map.of("x", 1L, "y", 2L)));
    }

    @Test
    void whatIsLargerThanAPieceComesBack() throws IOException {
        byte[] large = new byte[3 * ObjectStore.PIECE_BYTES + 1];
        new SplittableRandom(1).nextBytes(large);
        StateFormat.Found found = read(written(new StateFormat.State(Row.of("large", large), Row.of("n", 1))));
        assertThat(found.state().checkpoint().get("large")).isEqualTo(large);
        assertThat(found.state().values()).isEqualTo(Row.of("n", 1));
        assertThat(found.origin()).isEqualTo(ORIGIN);
    }

    @Test
    void anyArrowLibraryReadsIt() throws IOException {
        byte[] content = written(some());
        try (ArrowFileReader file = new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(content), memory)) {
            assertThat(file.loadNextBatch()).isTrue();
            assertThat(file.getVectorSchemaRoot().getSchema().getFields())
                    .extracting(field -> field.getName())
                    .containsExactly("checkpoint", "values");
            assertThat(file.getVectorSchemaRoot().getRowCount()).isEqualTo(1);
        }
    }

    @Test
    void whateverByteIsDamagedIsCalledDamage() throws IOException {
        try (ObjectStore store = ObjectStores.open(Map.of("type", "local", "base_path", folder.toString()))) {
            byte[] content = written(some());
            ObjectRef ref = store.putNew("state", content).written();
            for (int at = 0; at < content.length; at++) {
                byte[] damaged = content.clone();
                damaged[at] ^= 1;
                Files.write(folder.resolve("state"), damaged);
                assertThat(failure(store, ref)).as("byte %d", at).isEqualTo(ErrorCode.OBJECT_DAMAGED);
                Files.write(folder.resolve("state"), Arrays.copyOf(content, at));
                assertThat(failure(store, ref)).as("%d bytes", at).isEqualTo(ErrorCode.OBJECT_DAMAGED);
            }
        }
    }

    private ErrorCode failure(ObjectStore store, ObjectRef ref) throws IOException {
        try (InputStream in = store.open(ref)) {
            StateFormat.read("state", in, ref.size(), memory);
            throw new AssertionError("it was read");
        } catch (SolsticeException failed) {
            return failed.code();
        }
    }

    @Test
    void whatIsNoStateIsSaidToBeNone() {
        for (byte[] content : List.of(new byte[0], new byte[7], new byte[64])) {
            assertThatThrownBy(() -> read(content))
                    .hasMessageContaining("SOL-2207")
                    .hasMessageContaining("'key' cannot be read");
        }
    }
}
