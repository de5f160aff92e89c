package io.solstice.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.LocalChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Senders and receivers on threads of their own, as tasks are, with ends at random moments. */
@Timeout(240)
class RacingChannelsTest {
    /** How one race ends. */
    private enum Ending {
        END_OF_INPUT,
        RECEIVER_ABANDONS,
        CONNECTION_BREAKS,
        RUN_IS_RELEASED
    }

    @Test
    void aRemoteChannelDoesWhatALocalOneDoes() throws InterruptedException {
        try (TwoWorkers workers = new TwoWorkers()) {
            for (int seed = 0; seed < 150; seed++) {
                Random random = new Random(seed);
                long budget = 1 + random.nextInt(3000);
                int elements = 50 + random.nextInt(300);
                boolean abandons = random.nextBoolean();
                TwoWorkers.Road remote = workers.new Road(TwoWorkers.id(seed), budget);
                Semaphore senderPermits = new Semaphore(0);
                Semaphore receiverPermits = new Semaphore(0);
                Channel local = new LocalChannel(budget, senderPermits::release, receiverPermits::release);
                int limit = abandons ? random.nextInt(elements) : Integer.MAX_VALUE;
                List<Object> overRemote = new Race(
                                workers, remote.out, remote.in, remote.senderPermits, remote.receiverPermits, limit)
                        .run(seed, elements);
                List<Object> overLocal =
                        new Race(workers, local, local, senderPermits, receiverPermits, limit).run(seed, elements);
                assertThat(overRemote).as("seed %d", seed).isEqualTo(overLocal);
            }
        }
    }

    @Test
    void anyEndAtAnyMomentLeavesNothingAndHangsNobody() throws InterruptedException {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
            Proxy[] proxy = new Proxy[1];
            try (TwoWorkers workers = new TwoWorkers(target -> {
                proxy[0] = new Proxy(target);
                return proxy[0].endpoint();
            })) {
                int elements = random.nextInt(200);
                int limit = ending == Ending.RECEIVER_ABANDONS ? random.nextInt(1 + elements) : Integer.MAX_VALUE;
                TwoWorkers.Road road = workers.road(1 + random.nextInt(100_000));
                Race race = new Race(workers, road.out, road.in, road.senderPermits, road.receiverPermits, limit);
                race.breaksAt = random.nextInt(1 + elements);
                race.breaks = () -> {
                    if (ending == Ending.CONNECTION_BREAKS) {
                        proxy[0].close();
                    } else if (ending == Ending.RUN_IS_RELEASED) {
                        workers.sending.releaseRun(TwoWorkers.RUN);
                        workers.receiving.releaseRun(TwoWorkers.RUN);
                        race.over = true;
                        race.receiverPermits.release();
                    }
                };
                race.run(seed, elements);
            } finally {
                proxy[0].close();
            }
        }
    }

    @Test
    void oneSlowChannelStopsNoOther() throws InterruptedException {
        try (TwoWorkers workers = new TwoWorkers()) {
            TwoWorkers.Road slow = workers.new Road(TwoWorkers.id(1000), 16 << 20);
            slow.connect();
            for (Batch next = workers.batch(0, 1 << 20); ; next = workers.batch(0, 1 << 20)) {
                if (!slow.out.offer(next)) {
                    next.close();
                    break;
                }
            }
            List<Thread> threads = new ArrayList<>();
            List<Integer> finished = new CopyOnWriteArrayList<>();
            IntStream.range(0, 16).forEach(index -> {
                TwoWorkers.Road road = workers.new Road(TwoWorkers.id(index), 256 << 10);
                Race race = new Race(
                        workers, road.out, road.in, road.senderPermits, road.receiverPermits, Integer.MAX_VALUE);
                threads.add(new Thread(() -> {
                    assertThat(race.run(index, 100)).hasSize(100);
                    finished.add(index);
                }));
            });
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(60));
            }
            assertThat(finished).hasSize(16);
            assertThat(slow.out.room()).as("the slow one still waits").isNotPositive();
            slow.in.abandon();
        }
    }

    /** One sender and one receiver. */
    private static final class Race {
        private final TwoWorkers workers;
        private final Channel out;
        private final Channel in;
        private final Semaphore senderPermits;
        private final Semaphore receiverPermits;
        private final int abandonsAfter;
        private final List<Object> received = new ArrayList<>();
        private volatile @Nullable Throwable failure;
        private volatile boolean over;
        private int breaksAt = -1;
        private Runnable breaks = () -> {};

        Race(
                TwoWorkers workers,
                Channel out,
                Channel in,
                Semaphore senderPermits,
                Semaphore receiverPermits,
                int abandonsAfter) {
            this.workers = workers;
            this.out = out;
            this.in = in;
            this.senderPermits = senderPermits;
            this.receiverPermits = receiverPermits;
            this.abandonsAfter = abandonsAfter;
        }

        /** What was received: the numbers of batches, and signals. */
        List<Object> run(int seed, int elements) {
            Thread sender = new Thread(() -> guarded(() -> sendAll(new Random(seed), elements)), "sender");
            Thread receiver = new Thread(() -> guarded(this::receive), "receiver");
            sender.start();
            receiver.start();
            try {
                sender.join(TimeUnit.SECONDS.toMillis(30));
                receiver.join(TimeUnit.SECONDS.toMillis(30));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            assertThat(sender.isAlive()).as("seed %d: sender hangs", seed).isFalse();
            assertThat(receiver.isAlive()).as("seed %d: receiver hangs", seed).isFalse();
            assertThat(failure).as("seed %d", seed).isNull();
            return received;
        }

        /** A task that fails ends its job, and so the other task. */
        private void sendAll(Random random, int elements) {
            try {
                send(random, elements);
            } catch (SolsticeException failed) {
                over = true;
                receiverPermits.release();
                throw failed;
            }
        }

        private void send(Random random, int elements) {
            for (int i = 0; i < elements; i++) {
                if (i == breaksAt) {
                    breaks.run();
                }
                StreamElement next = switch (random.nextInt(6)) {
                    case 0 -> new Watermark(i);
                    case 1 -> new Barrier(i, i / 2);
                    case 2 -> workers.batch(i, random.nextInt(30_000));
                    default -> workers.batch(i, random.nextInt(100));
                };
                offer(next);
            }
            offer(EndOfInput.INSTANCE);
        }

        private void offer(StreamElement element) {
            try {
                while (!out.offer(element)) {
                    TwoWorkers.park(senderPermits);
                }
            } catch (SolsticeException failed) {
                element.discard();
                throw failed;
            }
        }

        private void receive() {
            while (received.size() < abandonsAfter) {
                StreamElement next = in.poll();
                if (next instanceof EndOfInput) {
                    return;
                } else if (next instanceof Batch) {
                    received.add(TwoWorkers.number(next));
                } else if (next != null) {
                    received.add(next);
                } else if (over) {
                    return;
                } else {
                    TwoWorkers.park(receiverPermits);
                }
            }
            in.abandon();
        }

        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (SolsticeException broken) {
                if (broken.code() != ErrorCode.EXCHANGE_LOST) {
                    failure = broken;
                }
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }
    }
}
