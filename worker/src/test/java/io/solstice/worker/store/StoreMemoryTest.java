package io.solstice.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ByteStoreProvider;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class StoreMemoryTest {
    private static final long MIB = 1 << 20;

    private static ByteStoreProvider rocksDb() {
        return ByteStores.named("rocksdb");
    }

    @Test
    void manyStoresOfAWorkerLeaveRoomForBatches() {
        try (RootAllocator worker = new RootAllocator(256 * MIB)) {
            List<StoreMemory> stores = new ArrayList<>();
            for (int task = 0; task < 12; task++) {
                stores.add(StoreMemory.of(rocksDb(), 0, worker, "task " + task));
            }
            assertThat(stores.get(0).bytes()).isEqualTo(32 * MIB);
            assertThat(stores).allMatch(store -> store.bytes() >= 8 * MIB);
            assertThat(worker.getAllocatedMemory())
                    .as("as a worker reports it")
                    .isEqualTo(stores.stream().mapToLong(StoreMemory::bytes).sum())
                    .isLessThan(160 * MIB);
            stores.forEach(StoreMemory::close);
            assertThat(worker.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void aStoreThatFindsNoRoomIsRefusedWithWhatCanBeSet() {
        try (RootAllocator worker = new RootAllocator(16 * MIB);
                BufferAllocator task = worker.newChildAllocator("task", 0, 16 * MIB);
                StoreMemory first = StoreMemory.of(rocksDb(), 12 * MIB, task, "one")) {
            assertThat(first.bytes()).isEqualTo(12 * MIB);
            assertThatThrownBy(() -> StoreMemory.of(rocksDb(), 0, task, "another"))
                    .isInstanceOf(SolsticeException.class)
                    .hasMessageContaining("SOL-3104")
                    .hasMessageContaining("another")
                    .hasMessageContaining("8 MiB")
                    .hasMessageContaining("state.memory_mib");
            assertThat(worker.getAllocatedMemory()).isEqualTo(12 * MIB);
        }
    }

    @Test
    void aFileIsCachedInTheHeap() {
        try (RootAllocator worker = new RootAllocator(MIB);
                StoreMemory store = StoreMemory.of(ByteStores.named("disk"), 0, worker, "task")) {
            assertThat(store.bytes())
                    .isBetween(MIB, Math.max(MIB, Runtime.getRuntime().maxMemory() / 16));
            assertThat(worker.getAllocatedMemory()).isZero();
        }
    }
}
