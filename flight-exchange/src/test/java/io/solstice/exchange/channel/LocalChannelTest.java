package io.solstice.exchange.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LocalChannelTest {
    private static final long BATCH_BYTES = 8 + 1;

    private final BufferAllocator allocator = new RootAllocator();
    private final AtomicInteger senderWoken = new AtomicInteger();
    private final AtomicInteger receiverWoken = new AtomicInteger();

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private Batch batch(long number) {
        BigIntVector vector = new BigIntVector("n", allocator);
        vector.allocateNew(1);
        vector.set(0, number);
        vector.setValueCount(1);
        Batch batch = Batch.of(List.of(vector), 1);
        assertThat(batch.byteSize()).isEqualTo(BATCH_BYTES);
        return batch;
    }

    private static long number(@Nullable StreamElement element) {
        assertThat(element).isInstanceOf(Batch.class);
        try (Batch batch = (Batch) element) {
            return ((BigIntVector) batch.column(0)).get(0);
        }
    }

    private LocalChannel channel(long budgetBytes) {
        return new LocalChannel(budgetBytes, senderWoken::incrementAndGet, receiverWoken::incrementAndGet);
    }

    @Test
    void keepsTheOrderOfBatchesAndSignals() {
        LocalChannel channel = channel(1000);
        channel.offer(batch(1));
        channel.offer(new Watermark(5));
        channel.offer(batch(2));
        channel.offer(EndOfInput.INSTANCE);
        assertThat(receiverWoken).hasValue(4);
        assertThat(number(channel.poll())).isEqualTo(1);
        assertThat(channel.poll()).isEqualTo(new Watermark(5));
        assertThat(number(channel.poll())).isEqualTo(2);
        assertThat(channel.poll()).isEqualTo(EndOfInput.INSTANCE);
        assertThat(channel.poll()).isNull();
    }

    @Test
    void refusesBatchesOnceTheBudgetIsUsedUpAndWakesTheSenderWhenThereIsRoom() {
        LocalChannel channel = channel(BATCH_BYTES + 1);
        assertThat(channel.offer(batch(1))).isTrue();
        assertThat(channel.offer(batch(2))).isTrue();
        assertThat(channel.room()).isNegative();
        Batch third = batch(3);
        assertThat(channel.offer(third)).isFalse();
        assertThat(channel.offer(new Watermark(1)))
                .as("signals are never refused")
                .isTrue();
        assertThat(senderWoken).hasValue(0);
        assertThat(number(channel.poll())).isEqualTo(1);
        assertThat(senderWoken).hasValue(1);
        assertThat(channel.offer(third))
                .as("a refused batch is still the sender's")
                .isTrue();
        channel.abandon();
    }

    @Test
    void aBatchLargerThanTheBudgetPasses() {
        LocalChannel channel = channel(1);
        assertThat(channel.offer(batch(1))).isTrue();
        assertThat(number(channel.poll())).isEqualTo(1);
        assertThat(channel.room()).isEqualTo(1);
    }

    @Test
    void lessIsOnTheWayWhileALimitIsSet() {
        LocalChannel channel = channel(1000);
        channel.offer(batch(1));
        channel.limit(0);
        assertThat(channel.room()).isNegative();
        Batch second = batch(2);
        assertThat(channel.offer(second)).isFalse();
        assertThat(number(channel.poll())).isEqualTo(1);
        assertThat(senderWoken).hasValue(1);
        assertThat(channel.offer(second)).as("one batch may always be there").isTrue();
        channel.limit(5000);
        assertThat(senderWoken).as("there is room again").hasValue(2);
        assertThat(channel.room()).as("never more than the budget").isEqualTo(1000 - BATCH_BYTES);
        channel.abandon();
    }

    @Test
    void smallBatchesWakeTheSenderOnceAQuarterIsFree() {
        LocalChannel channel = channel(16 * BATCH_BYTES);
        for (int i = 0; i < 16; i++) {
            channel.offer(batch(i));
        }
        assertThat(channel.room()).isZero();
        for (int taken = 1; taken <= 3; taken++) {
            number(channel.poll());
            assertThat(senderWoken).as("%d of 16 are free", taken).hasValue(0);
        }
        number(channel.poll());
        number(channel.poll());
        assertThat(senderWoken).hasValue(1);
        for (int i = 0; i < 11; i++) {
            number(channel.poll());
        }
        assertThat(senderWoken).hasValue(1);
    }

    @Test
    void aLimitThatRisesBeforeAQuarterIsFreeWakesWhoWasRefused() {
        LocalChannel channel = channel(100 * BATCH_BYTES);
        channel.limit(16 * BATCH_BYTES);
        for (int i = 0; i < 16; i++) {
            channel.offer(batch(i));
        }
        assertThat(channel.room()).isZero();
        for (int i = 0; i < 3; i++) {
            number(channel.poll());
        }
        assertThat(senderWoken).hasValue(0);
        channel.limit(20 * BATCH_BYTES);
        assertThat(senderWoken).as("13 of 20 are on the way").hasValue(1);
        channel.abandon();
    }

    /** Whoever is refused is woken before the channel is empty, whatever the limits do. */
    @Test
    void aRefusedSenderIsNeverForgotten() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            LocalChannel channel = channel(1000);
            channel.limit(random.nextInt(40) * BATCH_BYTES);
            while (channel.room() > 0) {
                channel.offer(batch(0));
            }
            int woken = senderWoken.get();
            for (StreamElement next = channel.poll(); next != null; next = channel.poll()) {
                number(next);
                if (random.nextBoolean()) {
                    channel.limit(random.nextInt(40) * BATCH_BYTES);
                }
            }
            assertThat(senderWoken.get()).as("round %d", round).isGreaterThan(woken);
        }
    }

    @Test
    void aHigherLimitWakesOnlyWhoHadNoRoom() {
        LocalChannel channel = channel(1000);
        channel.offer(batch(1));
        channel.limit(100);
        channel.limit(200);
        assertThat(senderWoken).hasValue(0);
        channel.limit(BATCH_BYTES);
        channel.limit(100);
        assertThat(senderWoken).hasValue(1);
        channel.abandon();
    }

    @Test
    void roomIsGivenBackAsItWasTakenEvenIfTheBatchWasTakenApart() {
        LocalChannel channel = channel(1000);
        channel.offer(batch(1));
        channel.offer(batch(2));
        number(channel.poll());
        number(channel.poll());
        assertThat(channel.room()).isEqualTo(1000);
    }

    @Test
    void anAbandonedChannelTakesEverythingAndKeepsNothing() {
        LocalChannel channel = channel(1);
        channel.offer(batch(1));
        channel.abandon();
        assertThat(senderWoken).hasValue(1);
        for (int i = 0; i < 5; i++) {
            assertThat(channel.offer(batch(i))).isTrue();
        }
        assertThat(channel.poll()).isNull();
    }

    /** A sender that parks when refused, as a task does. */
    @Test
    void twoThreadsNeverLoseReorderOrLeakAndTheSenderNeverHangs() throws InterruptedException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Race race = new Race(seed, 1 + random.nextInt(5), 400, random.nextInt(600), random.nextBoolean());
            race.run();
            assertThat(allocator.getAllocatedMemory()).as("seed %d", seed).isZero();
        }
    }

    /** One sender, one receiver, and an end that may come early and from either side. */
    private final class Race {
        private final int seed;
        private final int batches;
        private final int abandonAfter;
        private final boolean senderAbandons;
        private final Semaphore senderPermits = new Semaphore(0);
        private final Semaphore receiverPermits = new Semaphore(0);
        private final LocalChannel channel;
        private final List<Long> received = new ArrayList<>();
        private volatile @Nullable Throwable failure;
        private volatile boolean over;

        Race(int seed, int budgetBatches, int batches, int abandonAfter, boolean senderAbandons) {
            this.seed = seed;
            this.batches = batches;
            this.abandonAfter = abandonAfter;
            this.senderAbandons = senderAbandons;
            this.channel =
                    new LocalChannel(budgetBatches * BATCH_BYTES, senderPermits::release, receiverPermits::release);
        }

        void run() throws InterruptedException {
            Thread sender = new Thread(() -> guarded(this::send), "sender");
            Thread receiver = new Thread(() -> guarded(this::receive), "receiver");
            sender.start();
            receiver.start();
            sender.join(TimeUnit.SECONDS.toMillis(20));
            receiver.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(sender.isAlive()).as("seed %d: sender hangs", seed).isFalse();
            assertThat(receiver.isAlive()).as("seed %d: receiver hangs", seed).isFalse();
            assertThat(failure).as("seed %d", seed).isNull();
            channel.abandon();
            assertThat(received).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
            if (!senderAbandons && !received.isEmpty()) {
                assertThat(received.get(received.size() - 1))
                        .as("no gaps, seed %d", seed)
                        .isEqualTo(received.size() - 1);
            }
            if (abandonAfter >= batches) {
                assertThat(received).as("seed %d", seed).hasSize(batches);
            }
        }

        private void send() throws InterruptedException {
            for (int i = 0; i < batches; i++) {
                if (senderAbandons && i == abandonAfter) {
                    channel.abandon();
                }
                Batch next = batch(i);
                while (!channel.offer(next)) {
                    senderPermits.acquire();
                }
            }
            over = true;
            channel.offer(EndOfInput.INSTANCE);
        }

        private void receive() throws InterruptedException {
            Random random = new Random(seed);
            while (true) {
                if (random.nextInt(8) == 0) {
                    channel.limit(random.nextInt(6) * BATCH_BYTES);
                }
                if (!senderAbandons && received.size() == abandonAfter) {
                    channel.abandon();
                    return;
                }
                StreamElement next = channel.poll();
                if (next instanceof EndOfInput) {
                    return;
                } else if (next != null) {
                    received.add(number(next));
                } else if (over && senderAbandons && abandonAfter < batches) {
                    return;
                } else {
                    receiverPermits.acquire();
                }
            }
        }

        private void guarded(Step step) {
            try {
                step.run();
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }
}
