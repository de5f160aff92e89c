package io.solstice.exchange.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.EndOfSide;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** Two roads from the first upstream and one from the second. */
class InboxSidesTest {
    private final List<LocalChannel> channels = new ArrayList<>();

    private Inbox inbox(int first) {
        for (int i = 0; i < 3; i++) {
            channels.add(new LocalChannel(1 << 20, () -> {}, () -> {}));
        }
        return new Inbox(List.copyOf(channels), new Inbox.Sides(List.of(0, 0, 1), first), Clock.SYSTEM);
    }

    private static Batch batch() {
        return Batch.of(new Schema(List.of()), List.of(), 1);
    }

    private StreamElement send(int channel, StreamElement element) {
        channels.get(channel).offer(element);
        return element;
    }

    private static List<StreamElement> drain(Inbox inbox) {
        List<StreamElement> all = new ArrayList<>();
        for (StreamElement next = inbox.poll(); next != null; next = inbox.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void aBatchHasTheSideOfItsRoad() {
        Inbox inbox = inbox(Inbox.Sides.NO_ORDER);
        for (int channel = 2; channel >= 0; channel--) {
            StreamElement sent = send(channel, batch());
            assertThat(inbox.poll()).isSameAs(sent);
            assertThat(inbox.side()).isEqualTo(channel / 2);
        }
    }

    @Test
    void theEndOfASideIsToldOnceAllItsRoadsHaveEnded() {
        Inbox inbox = inbox(Inbox.Sides.NO_ORDER);
        send(0, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).isEmpty();
        send(1, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new EndOfSide(0));
        send(2, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(EndOfInput.INSTANCE);
    }

    @Test
    void theBarrierComesBeforeTheEndThatCompletesItAndTimeAfter() {
        Inbox inbox = inbox(Inbox.Sides.NO_ORDER);
        send(0, new Barrier(1));
        send(1, new Barrier(1));
        send(0, new Watermark(7));
        send(1, new Watermark(9));
        send(2, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new Barrier(1), new EndOfSide(1), new Watermark(7));
    }

    @Test
    void timeRisesBehindTheEndOfTheSideThatHeldItBack() {
        Inbox inbox = inbox(Inbox.Sides.NO_ORDER);
        send(0, new Watermark(7));
        send(1, new Watermark(9));
        send(2, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new EndOfSide(1), new Watermark(7));
    }

    @Test
    void oneSideIsReadToItsEndBeforeTheOther() {
        Inbox inbox = inbox(1);
        StreamElement left = send(0, batch());
        StreamElement right = send(2, batch());
        assertThat(drain(inbox)).containsExactly(right);
        send(2, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new EndOfSide(1), left);
        assertThat(inbox.side()).isZero();
    }

    @Test
    void aCheckpointLetsInWhatLiesBeforeItsBarrierAndNoMore() {
        Inbox inbox = inbox(1);
        StreamElement before = send(0, batch());
        send(0, new Barrier(4));
        StreamElement after = send(0, batch());
        send(1, new Barrier(4));
        send(2, new Barrier(4));
        StreamElement right = send(2, batch());
        assertThat(drain(inbox)).containsExactly(before, new Barrier(4), right);
        send(2, EndOfInput.INSTANCE);
        assertThat(drain(inbox)).containsExactly(new EndOfSide(1), after);
    }
}
