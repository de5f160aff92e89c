package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.util.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeftTablesTest {
    private static final long LIMIT = 1 << 20;
    private static final int ROWS = 1_000;
    private static final StateObject OBJECT = object("one", "aa");

    private final BufferAllocator worker = new RootAllocator(LIMIT);
    private final LeftTables left = new LeftTables(worker);

    @AfterEach
    void noMemoryIsLeft() {
        left.close();
        assertThat(worker.getAllocatedMemory()).isZero();
        worker.close();
    }

    private static StateObject object(String key, String sha256) {
        return new StateObject(new StageId("count"), 0, key, 100, sha256);
    }

    private static Batch table(BufferAllocator memory) {
        BigIntVector keys = new BigIntVector("key", memory);
        VarCharVector texts = new VarCharVector("text", memory);
        keys.allocateNew(ROWS);
        texts.allocateNew(16L * ROWS, ROWS);
        for (int i = 0; i < ROWS; i++) {
            keys.set(i, i);
            texts.set(i, new Text("text " + i));
        }
        keys.setValueCount(ROWS);
        texts.setValueCount(ROWS);
        return Batch.of(List.of(keys, texts), ROWS);
    }

    /** Leaves a table as a task does that ends. */
    private void leave(StateObject object) {
        BufferAllocator task = worker.newChildAllocator("task", 0, LIMIT);
        Batch own = table(task);
        left.leave(object, own.share());
        own.close();
        task.close();
    }

    private boolean has(StateObject object) {
        Batch found = left.find(object, worker);
        if (found != null) {
            found.close();
        }
        return found != null;
    }

    @Test
    void aTableOutlivesItsTaskAndComesToTheNextWithoutBeingCopied() {
        leave(OBJECT);
        long one = worker.getAllocatedMemory();
        BufferAllocator next = worker.newChildAllocator("next", 0, LIMIT);
        try (Batch found = left.find(OBJECT, next)) {
            assertThat(found).isNotNull();
            // Which values are there is written down anew where all are.
            assertThat(worker.getAllocatedMemory() - one).isLessThan(one / 10);
            assertThat(found.rowCount()).isEqualTo(ROWS);
            for (int i = 0; i < ROWS; i++) {
                assertThat(((BigIntVector) found.column("key")).get(i)).isEqualTo(i);
                assertThat(found.column("text").getObject(i)).hasToString("text " + i);
            }
        }
        next.close();
    }

    @Test
    void onlyTheVerySameObjectIsFound() {
        leave(OBJECT);
        assertThat(has(object("another", "aa"))).isFalse();
        assertThat(has(object("one", "bb"))).isFalse();
        assertThat(has(OBJECT)).isTrue();
    }

    @Test
    void whatNobodyAsksForIsLetGo() {
        left.tick(5);
        leave(OBJECT);
        left.tick(5 + TimeUnit.SECONDS.toNanos(14));
        assertThat(has(OBJECT)).isTrue();
        left.tick(5 + TimeUnit.SECONDS.toNanos(15));
        assertThat(has(OBJECT)).isFalse();
        assertThat(worker.getAllocatedMemory()).isZero();
    }

    @Test
    void othersComeFirstWhenMemoryIsShort() {
        StateObject second = object("two", "aa");
        leave(OBJECT);
        leave(second);
        left.begin(List.of(second));
        assertThat(has(OBJECT)).as("there is enough").isTrue();
        try (var half = worker.buffer(LIMIT / 2)) {
            left.begin(List.of(second));
            assertThat(has(OBJECT)).as("not wanted").isFalse();
            assertThat(has(second)).as("wanted").isTrue();
            try (var most = worker.buffer(LIMIT / 4)) {
                left.tick(1);
                assertThat(has(second)).isFalse();
                leave(second);
                assertThat(has(second)).isFalse();
            }
        }
    }
}
