package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTablesTest {
    private static final int ROWS = 1_000;
    private static final List<StateObject> OBJECTS =
            IntStream.range(0, 50).mapToObj(SharedTablesTest::object).toList();
    private static final StateObject FIRST = OBJECTS.get(0);

    private final BufferAllocator worker = new RootAllocator(8 << 20);
    private final AtomicInteger reads = new AtomicInteger();

    @AfterEach
    void noMemoryIsLeft() {
        assertThat(worker.getAllocatedMemory()).isZero();
        worker.close();
    }

    private static StateObject object(int number) {
        return new StateObject(new StageId("count"), 0, "table-" + number, 100, "aa");
    }

    private Batch table(int number, BufferAllocator memory) {
        reads.incrementAndGet();
        BigIntVector keys = new BigIntVector("key", memory);
        keys.allocateNew(ROWS);
        for (int i = 0; i < ROWS; i++) {
            keys.set(i, (long) number * ROWS + i);
        }
        keys.setValueCount(ROWS);
        return Batch.of(List.of(keys), ROWS);
    }

    private void readOne(SharedTables shared, StateObject object) {
        int number = OBJECTS.indexOf(object);
        try (BufferAllocator task = worker.newChildAllocator("task", 0, Long.MAX_VALUE);
                Batch found = shared.read(object, task, () -> table(number, task))) {
            assertThat(((BigIntVector) found.column("key")).get(ROWS - 1)).isEqualTo((number + 1L) * ROWS - 1);
        }
    }

    @Test
    void oneReadsForAll() {
        try (SharedTables shared = new SharedTables(worker)) {
            IntStream.range(0, 3).forEach(task -> shared.want(List.of(FIRST)));
            IntStream.range(0, 3).forEach(task -> readOne(shared, FIRST));
            assertThat(reads).hasValue(1);
            assertThat(worker.getAllocatedMemory()).isZero();
            readOne(shared, FIRST);
            assertThat(reads).hasValue(2);
        }
    }

    @Test
    void tasksThatReadAtTheSameTimeReadEachTableOnce() throws Exception {
        int tasks = 4;
        ExecutorService threads = Executors.newFixedThreadPool(tasks);
        try (SharedTables shared = new SharedTables(worker)) {
            CountDownLatch all = new CountDownLatch(tasks);
            List<Future<?>> running = new ArrayList<>();
            for (int task = 0; task < tasks; task++) {
                running.add(threads.submit(() -> {
                    shared.want(OBJECTS);
                    all.countDown();
                    all.await();
                    OBJECTS.forEach(object -> readOne(shared, object));
                    return null;
                }));
            }
            for (Future<?> task : running) {
                task.get();
            }
            assertThat(reads).hasValue(OBJECTS.size());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothingIsKeptForTasksThatHaveLeftOrAreTooFarBehind() {
        try (SharedTables shared = new SharedTables(worker, 20_000)) {
            shared.want(OBJECTS.subList(0, 4));
            shared.want(OBJECTS.subList(0, 4));
            OBJECTS.subList(0, 4).forEach(object -> readOne(shared, object));
            assertThat(worker.getAllocatedMemory()).isBetween(1L, 40_000L);
            OBJECTS.subList(0, 3).forEach(object -> readOne(shared, object));
            assertThat(reads).hasValue(5);
            shared.leave(OBJECTS.subList(3, 4));
            assertThat(worker.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void nothingIsKeptWhileMemoryIsShort() {
        try (SharedTables shared = new SharedTables(worker);
                var most = worker.buffer(4 << 20)) {
            assertThat(most.capacity()).isPositive();
            shared.want(List.of(FIRST));
            shared.want(List.of(FIRST));
            readOne(shared, FIRST);
            readOne(shared, FIRST);
            assertThat(reads).hasValue(2);
        }
    }

    @Test
    void whoCannotReadLeavesItToTheNext() {
        try (SharedTables shared = new SharedTables(worker)) {
            IntStream.range(0, 3).forEach(task -> shared.want(List.of(FIRST)));
            assertThatThrownBy(() -> shared.read(FIRST, worker, () -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
            readOne(shared, FIRST);
            readOne(shared, FIRST);
            assertThat(reads).hasValue(1);
        }
    }

    @Test
    void whatNobodyTakesGoesWithTheRun() {
        try (SharedTables shared = new SharedTables(worker)) {
            shared.want(List.of(FIRST));
            shared.want(List.of(FIRST));
            readOne(shared, FIRST);
            assertThat(worker.getAllocatedMemory()).isPositive();
        }
    }
}
