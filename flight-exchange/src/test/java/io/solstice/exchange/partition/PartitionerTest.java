package io.solstice.exchange.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.LocalChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionerTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    /** Rows numbered from {@code first}, with random keys, some of them null. */
    private Batch batch(Random random, long first, int rows) {
        IntVector keys = new IntVector("key", allocator);
        BigIntVector numbers = new BigIntVector("n", allocator);
        keys.allocateNew(Math.max(1, rows));
        numbers.allocateNew(Math.max(1, rows));
        for (int i = 0; i < rows; i++) {
            if (random.nextInt(20) == 0) {
                keys.setNull(i);
            } else {
                keys.set(i, random.nextInt(50));
            }
            numbers.set(i, first + i);
        }
        keys.setValueCount(rows);
        numbers.setValueCount(rows);
        return Batch.of(List.of(keys, numbers), rows);
    }

    /** What was delivered, by channel: rows as (number, key). */
    private static final class Delivered implements Partitioner.Delivery {
        private final Map<Integer, List<Long>> numbers = new HashMap<>();
        private final Map<Object, Integer> channelOfKey = new HashMap<>();

        @Override
        public void deliver(int channel, Batch part) {
            try (part) {
                List<Long> own = numbers.computeIfAbsent(channel, c -> new ArrayList<>());
                for (int i = 0; i < part.rowCount(); i++) {
                    own.add(((BigIntVector) part.column("n")).get(i));
                    Object key = part.column("key").getObject(i);
                    Integer before = channelOfKey.put(key == null ? "null" : key, channel);
                    assertThat(before == null ? channel : before)
                            .as("key %s", key)
                            .isEqualTo(channel);
                }
            }
        }
    }

    private Map<Object, Integer> divide(long seed, int keyGroups, int channels) {
        Random random = new Random(seed);
        Partitioner partitioner = Partitioner.hash(List.of("key"), keyGroups, channels, allocator);
        Delivered delivered = new Delivered();
        long rows = 0;
        for (int i = 0; i < 10; i++) {
            int size = random.nextInt(300);
            partitioner.divide(batch(random, rows, size), delivered);
            rows += size;
        }
        List<Long> all = new ArrayList<>();
        delivered.numbers.values().forEach(own -> {
            assertThat(own).as("order is kept").isSorted();
            all.addAll(own);
        });
        Collections.sort(all);
        assertThat(all)
                .as("seed %d", seed)
                .isEqualTo(LongStream.range(0, rows).boxed().toList());
        return delivered.channelOfKey;
    }

    @Test
    void hashSendsEachKeyToOneTaskInOrderAndLosesNothing() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int keyGroups = 1 + random.nextInt(200);
            divide(seed, keyGroups, 1 + random.nextInt(Math.min(keyGroups, 9)));
        }
    }

    @Test
    void anotherParallelismMovesWholeRangesOfKeyGroups() {
        Map<Object, Integer> groups = divide(1, 128, 128);
        for (int tasks = 1; tasks <= 16; tasks++) {
            int parallelism = tasks;
            divide(1, 128, tasks).forEach((key, task) -> {
                Integer group = groups.get(key);
                assertThat(group).isNotNull();
                assertThat(task)
                        .as("key %s at parallelism %d", key, parallelism)
                        .isEqualTo(KeyHash.task(group, 128, parallelism));
            });
        }
    }

    @Test
    void hashOfAnUnknownColumnClosesTheBatch() {
        Partitioner partitioner = Partitioner.hash(List.of("kye"), 128, 2, allocator);
        Batch batch = batch(new Random(1), 0, 10);
        assertThatThrownBy(() -> partitioner.divide(batch, new Delivered()))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("did you mean 'key'?");
    }

    @Test
    void hashClosesTheBatchWhenMemoryRunsOut() {
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, 1024)) {
            Partitioner partitioner = Partitioner.hash(List.of("key"), 128, 2, small);
            Batch batch = batch(new Random(1), 0, 5000);
            assertThatThrownBy(() -> partitioner.divide(batch, new Delivered()))
                    .isInstanceOf(OutOfMemoryException.class);
            assertThat(small.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void forwardGivesEverythingToOne() {
        Delivered delivered = new Delivered();
        Partitioner.forward(3).divide(batch(new Random(1), 0, 5), delivered);
        assertThat(delivered.numbers.keySet()).containsExactly(3);
    }

    @Test
    void broadcastSharesInsteadOfCopying() {
        List<Batch> parts = new ArrayList<>();
        Batch batch = batch(new Random(1), 0, 100);
        long bytes = allocator.getAllocatedMemory();
        Partitioner.broadcast(4).divide(batch, (channel, part) -> parts.add(part));
        assertThat(parts).hasSize(4);
        assertThat(allocator.getAllocatedMemory()).isEqualTo(bytes);
        assertThat(parts).allSatisfy(part -> assertThat(part.rowCount()).isEqualTo(100));
        parts.forEach(Batch::close);
    }

    private List<Integer> rebalanced(int batches, int firstTurn, Channel... channels) {
        List<Integer> order = new ArrayList<>();
        Partitioner rebalance = Partitioner.rebalance(List.of(channels), firstTurn);
        for (int i = 0; i < batches; i++) {
            rebalance.divide(batch(new Random(1), 0, 1), (channel, part) -> {
                order.add(channel);
                part.close();
            });
        }
        return order;
    }

    @Test
    void rebalancePrefersTheChannelWithTheMostRoom() {
        assertThat(rebalanced(3, 0, channel(10), channel(1000), channel(500))).containsExactly(1, 1, 1);
    }

    @Test
    void rebalanceTakesTurnsWhereRoomIsEqual() {
        assertThat(rebalanced(4, 5, channel(10), channel(10), channel(10))).containsExactly(2, 0, 1, 2);
    }

    private static Channel channel(long budget) {
        return new LocalChannel(budget, () -> {}, () -> {});
    }
}
