package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.LocalChannel;
import io.solstice.exchange.partition.Partitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** What is held back goes before the signals that must come behind it. */
class RoadsTest {
    private final List<LocalChannel> channels = List.of(channel(), channel());
    private final Holding holding = new Holding();
    private final Roads roads = new Roads(
            List.of(new Roads.Edge(Partitioner.broadcast(2), List.<Channel>copyOf(channels), holding, null, false)));

    /** Holds all batches back until it is flushed. */
    private static final class Holding implements Condenser {
        private final List<Batch> held = new ArrayList<>();
        private final List<Long> resumed = new ArrayList<>();
        private long due = Long.MAX_VALUE;

        @Override
        public void take(Batch batch, Consumer<Batch> onward) {
            held.add(batch);
        }

        @Override
        public void watermark(Watermark watermark, Consumer<Batch> onward) {
            if (watermark.micros() >= 10) {
                flush(onward);
            }
        }

        @Override
        public void idle(Consumer<Batch> onward) {
            flush(onward);
        }

        @Override
        public void resume(long watermark) {
            resumed.add(watermark);
        }

        @Override
        public void flush(Consumer<Batch> onward) {
            held.forEach(onward);
            held.clear();
        }

        @Override
        public long dueNanos() {
            return due;
        }
    }

    private static LocalChannel channel() {
        return new LocalChannel(1 << 20, () -> {}, () -> {});
    }

    private static Batch rows(int count) {
        return Batch.of(new Schema(List.of()), List.of(), count);
    }

    /** Batches by their number of rows. */
    private List<Object> received(int channel) {
        List<Object> all = new ArrayList<>();
        for (StreamElement next = channels.get(channel).poll();
                next != null;
                next = channels.get(channel).poll()) {
            all.add(next instanceof Batch batch ? (Object) batch.rowCount() : next);
        }
        return all;
    }

    @Test
    void rowsGoBeforeWhatMustNotPassThem() {
        roads.take(rows(1));
        roads.watermark(new Watermark(9));
        roads.watermark(new Watermark(10));
        roads.take(rows(2));
        roads.barrier(new Barrier(1, 0));
        roads.take(rows(3));
        roads.idle();
        roads.take(rows(4));
        roads.end();
        for (int i = 0; i < 2; i++) {
            assertThat(received(i))
                    .containsExactly(
                            new Watermark(9),
                            1,
                            new Watermark(10),
                            2,
                            new Barrier(1, 0),
                            3,
                            Idle.INSTANCE,
                            4,
                            EndOfInput.INSTANCE);
        }
    }

    @Test
    void whatIsDueByTheClockIsSent() {
        assertThat(roads.dueNanos()).isEqualTo(Long.MAX_VALUE);
        roads.take(rows(1));
        holding.due = 5;
        assertThat(roads.dueNanos()).isEqualTo(5);
        roads.onClock();
        assertThat(received(0)).isEmpty();
        holding.due = 0;
        roads.onClock();
        assertThat(received(0)).containsExactly(1);
    }

    /** Until then it is not known how far time has come where the rows go. */
    @Test
    void theEndOfIdlenessCountsWhenAllReceiversHaveHeardOfIt() {
        roads.idle();
        roads.watermark(new Watermark(5));
        channels.get(0).resume(8);
        roads.take(rows(1));
        assertThat(holding.resumed).isEmpty();
        roads.idle();
        channels.get(1).resume(7);
        roads.take(rows(1));
        roads.watermark(new Watermark(6));
        roads.take(rows(1));
        assertThat(holding.resumed).isEmpty();
        channels.forEach(channel -> channel.resume(3));
        roads.take(rows(1));
        roads.take(rows(1));
        assertThat(holding.resumed).containsExactly(8L);
    }
}
