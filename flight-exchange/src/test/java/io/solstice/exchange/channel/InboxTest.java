package io.solstice.exchange.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static List<LocalChannel> channels(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new LocalChannel(1, () -> {}, () -> {}))
                .toList();
    }

    private static Inbox inbox(List<LocalChannel> channels) {
        return new Inbox(List.copyOf(channels));
    }

    /** A batch without columns, which holds no memory. */
    private static Batch rows(int count) {
        return Batch.of(new Schema(List.of()), List.of(), count);
    }

    private static List<StreamElement> drain(Inbox inbox) {
        List<StreamElement> all = new ArrayList<>();
        for (StreamElement next = inbox.poll(); next != null; next = inbox.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void channelsTakeTurns() {
        List<LocalChannel> channels = channels(3);
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int i = 0; i < 3; i++) {
                channels.get(i).offer(rows(10 * i + epoch));
            }
        }
        assertThat(drain(inbox(channels)))
                .extracting(element -> ((Batch) element).rowCount())
                .containsExactly(0, 10, 20, 1, 11, 21);
    }

    @Test
    void aSenderThatWasIdleIsToldHowFarTimeHasCome() {
        List<LocalChannel> channels = channels(2);
        Inbox inbox = inbox(channels);
        channels.get(0).offer(new Watermark(1));
        channels.get(1).offer(Idle.INSTANCE);
        channels.get(0).offer(new Watermark(7));
        drain(inbox);
        channels.get(1).offer(new Watermark(3));
        assertThat(channels.get(1).resumed()).isEqualTo(Channel.Resumed.NEVER);
        drain(inbox);
        assertThat(channels.get(1).resumed()).isEqualTo(new Channel.Resumed(1, 7));
        channels.get(1).offer(new Watermark(9));
        channels.get(0).offer(new Watermark(8));
        drain(inbox);
        assertThat(channels.get(1).resumed()).isEqualTo(new Channel.Resumed(1, 7));
        assertThat(channels.get(0).resumed()).isEqualTo(Channel.Resumed.NEVER);
        channels.get(1).offer(Idle.INSTANCE);
        channels.get(1).offer(new Watermark(20));
        drain(inbox);
        assertThat(channels.get(1).resumed()).isEqualTo(new Channel.Resumed(2, 8));
    }

    @Test
    void aBusyChannelDoesNotStarveTheOthers() {
        List<LocalChannel> channels = channels(2);
        for (int i = 0; i < 100; i++) {
            channels.get(0).offer(rows(i));
        }
        Batch other = rows(1000);
        channels.get(1).offer(other);
        assertThat(drain(inbox(channels)).indexOf(other)).isLessThanOrEqualTo(1);
    }

    @Test
    void timeIsTheSmallestOverAllOpenChannelsAndNeverGoesBack() {
        List<LocalChannel> channels = channels(2);
        Inbox inbox = inbox(channels);
        channels.get(0).offer(new Watermark(10));
        assertThat(drain(inbox)).as("the other channel is silent").isEmpty();
        channels.get(1).offer(new Watermark(5));
        assertThat(drain(inbox)).containsExactly(new Watermark(5));
        channels.get(1).offer(new Watermark(3));
        assertThat(drain(inbox)).isEmpty();
        channels.get(1).offer(new Watermark(20));
        assertThat(drain(inbox)).containsExactly(new Watermark(10));
        channels.get(0).offer(EndOfInput.INSTANCE);
        assertThat(drain(inbox)).as("an ended channel holds nothing back").containsExactly(new Watermark(20));
    }

    @Test
    void theEndOfTimeIsPassedOn() {
        List<LocalChannel> channels = channels(2);
        Inbox inbox = inbox(channels);
        channels.forEach(channel -> channel.offer(new Watermark(Long.MAX_VALUE)));
        assertThat(drain(inbox)).containsExactly(new Watermark(Long.MAX_VALUE));
    }

    @Test
    void theEndComesOnceWhenEveryChannelHasEnded() {
        List<LocalChannel> channels = channels(3);
        Inbox inbox = inbox(channels);
        channels.get(2).offer(EndOfInput.INSTANCE);
        channels.get(0).offer(EndOfInput.INSTANCE);
        assertThat(drain(inbox)).isEmpty();
        channels.get(1).offer(new Barrier(1));
        channels.get(1).offer(EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new Barrier(1), EndOfInput.INSTANCE);
        assertThat(inbox.poll()).isNull();
    }

    @Test
    void randomSignalsAgreeWithANaiveModel() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(4);
            List<LocalChannel> channels = channels(count);
            Inbox inbox = inbox(channels);
            long[] marks = new long[count];
            Arrays.fill(marks, Long.MIN_VALUE);
            boolean[] ended = new boolean[count];
            boolean[] idle = new boolean[count];
            long reached = Long.MIN_VALUE;
            boolean silent = false;
            for (int step = 0; step < 100 && !IntStream.range(0, count).allMatch(i -> ended[i]); step++) {
                int i = random.nextInt(count);
                if (ended[i]) {
                    continue;
                }
                boolean ends = random.nextInt(20) == 0;
                boolean rests = !ends && random.nextInt(4) == 0;
                long mark = random.nextInt(1000);
                channels.get(i).offer(ends ? EndOfInput.INSTANCE : rests ? Idle.INSTANCE : new Watermark(mark));
                ended[i] = ends;
                idle[i] = rests;
                marks[i] = ends || rests ? marks[i] : Math.max(marks[i], mark);
                boolean allEnded = IntStream.range(0, count).allMatch(c -> ended[c]);
                OptionalLong lowest = IntStream.range(0, count)
                        .filter(c -> !ended[c] && !idle[c])
                        .mapToLong(c -> marks[c])
                        .min();
                List<StreamElement> expected = List.of();
                if (allEnded) {
                    expected = List.of(EndOfInput.INSTANCE);
                } else if (lowest.isEmpty()) {
                    expected = silent ? List.of() : List.of(Idle.INSTANCE);
                    silent = true;
                } else {
                    boolean rises = lowest.getAsLong() > reached;
                    reached = Math.max(reached, lowest.getAsLong());
                    expected = rises || silent ? List.of(new Watermark(reached)) : List.of();
                    silent = false;
                }
                assertThat(drain(inbox)).as("seed %d, step %d", seed, step).isEqualTo(expected);
            }
        }
    }
}
