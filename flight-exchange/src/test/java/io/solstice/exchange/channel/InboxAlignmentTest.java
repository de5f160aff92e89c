package io.solstice.exchange.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class InboxAlignmentTest {
    private final List<LocalChannel> channels = new ArrayList<>();

    private Inbox inbox(int count) {
        channels.clear();
        IntStream.range(0, count).forEach(i -> channels.add(new LocalChannel(1, () -> {}, () -> {})));
        return new Inbox(List.copyOf(channels));
    }

    private static Batch batch() {
        return Batch.of(new Schema(List.of()), List.of(), 1);
    }

    private StreamElement send(int channel, StreamElement element) {
        channels.get(channel).offer(element);
        return element;
    }

    private void barrier(int channel, long epoch) {
        send(channel, new Barrier(epoch));
    }

    private static List<StreamElement> drain(Inbox inbox) {
        List<StreamElement> all = new ArrayList<>();
        for (StreamElement next = inbox.poll(); next != null; next = inbox.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void rowsBehindABarrierWaitForTheBarriersOfTheOtherRoads() {
        Inbox inbox = inbox(2);
        barrier(0, 1);
        StreamElement after = send(0, batch());
        StreamElement before = send(1, batch());
        assertThat(drain(inbox)).containsExactly(before);
        barrier(1, 1);
        assertThat(drain(inbox)).containsExactly(new Barrier(1), after);
    }

    @Test
    void aRoadThatEndsHoldsNoBarrierUp() {
        Inbox inbox = inbox(2);
        send(0, new Watermark(7));
        barrier(0, 1);
        assertThat(drain(inbox)).isEmpty();
        send(1, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new Barrier(1), new Watermark(7));
        barrier(0, 2);
        assertThat(drain(inbox)).containsExactly(new Barrier(2));
    }

    @Test
    void aNewerBarrierLetsTheRoadsFlowThatDeliveredAnOlderOne() {
        Inbox inbox = inbox(2);
        barrier(0, 1);
        StreamElement between = send(0, batch());
        barrier(1, 2);
        StreamElement after = send(1, batch());
        assertThat(drain(inbox)).containsExactly(between);
        barrier(0, 2);
        assertThat(drain(inbox)).containsExactly(new Barrier(2), after);
    }

    @Test
    void lateBarriersOfAGivenUpCheckpointMeanNothing() {
        Inbox inbox = inbox(3);
        barrier(0, 2);
        barrier(1, 1);
        StreamElement between = send(1, batch());
        barrier(1, 2);
        barrier(2, 1);
        barrier(2, 2);
        assertThat(drain(inbox)).containsExactly(between, new Barrier(2));
        barrier(0, 1);
        barrier(1, 2);
        StreamElement rows = send(0, batch());
        assertThat(drain(inbox)).containsExactly(rows);
    }

    /** What each road carries, and what of it the task has been given. */
    private static final class Road {
        private final List<StreamElement> script = new ArrayList<>();
        private int sent;

        Road(Random random, long epochs) {
            for (long epoch = 1; epoch <= epochs; epoch++) {
                rows(random);
                // A source that was late has skipped the barrier of a checkpoint that was given up meanwhile.
                if (random.nextInt(4) > 0) {
                    script.add(new Barrier(epoch));
                }
            }
            rows(random);
            script.add(EndOfInput.INSTANCE);
            if (random.nextInt(3) == 0) {
                int cut = random.nextInt(script.size());
                script.subList(cut, script.size()).clear();
                script.add(EndOfInput.INSTANCE);
            }
        }

        private void rows(Random random) {
            for (int i = random.nextInt(3); i > 0; i--) {
                script.add(batch());
            }
        }

        /** The rows before that barrier, or all if it is not among what the road ever carries. */
        Set<StreamElement> before(long epoch) {
            Set<StreamElement> rows = new HashSet<>();
            for (StreamElement element : script) {
                if (element instanceof Barrier barrier && barrier.epoch() >= epoch) {
                    assertThat(barrier.epoch()).isEqualTo(epoch);
                    break;
                }
                if (element instanceof Batch) {
                    rows.add(element);
                }
            }
            return rows;
        }
    }

    @Test
    void everyBarrierDividesTheRowsOfEveryRoadAsItDidOnTheRoad() {
        int complete = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<Road> roads = new ArrayList<>();
            Inbox inbox = inbox(1 + random.nextInt(4));
            channels.forEach(channel -> roads.add(new Road(random, 4)));
            Set<StreamElement> given = new HashSet<>();
            long reached = 0;
            boolean ended = false;
            while (!ended) {
                Road road = roads.get(random.nextInt(roads.size()));
                if (road.sent < road.script.size() && random.nextBoolean()) {
                    send(roads.indexOf(road), road.script.get(road.sent++));
                    continue;
                }
                StreamElement next = inbox.poll();
                if (next instanceof Barrier barrier) {
                    assertThat(barrier.epoch()).as("seed %d", seed).isGreaterThan(reached);
                    reached = barrier.epoch();
                    Set<StreamElement> expected = new HashSet<>();
                    roads.forEach(one -> expected.addAll(one.before(barrier.epoch())));
                    assertThat(given).as("seed %d, epoch %d", seed, reached).isEqualTo(expected);
                    complete++;
                } else if (next != null) {
                    given.add(next);
                    ended = next instanceof EndOfInput;
                } else {
                    assertThat(roads.stream().allMatch(one -> one.sent == one.script.size()))
                            .as("seed %d: nothing comes although everything was sent", seed)
                            .isFalse();
                }
            }
            long rows = roads.stream()
                    .flatMap(road -> road.script.stream())
                    .filter(Batch.class::isInstance)
                    .count();
            assertThat(given).as("seed %d", seed).hasSize((int) rows + 1);
        }
        assertThat(complete).as("barriers that came through").isGreaterThan(3000);
    }
}
