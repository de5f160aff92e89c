package io.solstice.bench.exchange;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.partition.Partitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;

/** The exchange: forward over one channel, or hashed over several. */
final class ExchangeWay implements Way {
    static final String SECRET = "the secret of all benchmarks";
    private static final int KEY_GROUPS = 128;

    private final String name;
    private final int channels;
    private final FlightExchange exchange;
    private final Endpoint receiver;
    private final BufferAllocator memory;

    ExchangeWay(String name, int channels, FlightExchange exchange, Endpoint receiver, BufferAllocator memory) {
        this.name = name;
        this.channels = channels;
        this.exchange = exchange;
        this.receiver = receiver;
        this.memory = memory;
    }

    static ChannelId id(long stream, int receiver) {
        return new ChannelId(new RunId(new JobId("bench"), stream), new StageId("a"), new StageId("b"), 0, receiver);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public void send(long stream, List<Batch> batches, int count) {
        Thread sender = Thread.currentThread();
        List<Channel> ends = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            ends.add(exchange.send(id(stream, i), SECRET, receiver, () -> LockSupport.unpark(sender)));
        }
        Partitioner partitioner = channels == 1
                ? Partitioner.forward(0)
                : Partitioner.hash(List.of(Rows.KEY), KEY_GROUPS, channels, memory);
        for (int i = 0; i < count; i++) {
            partitioner.divide(
                    batches.get(i % batches.size()).share(), (channel, part) -> offer(ends.get(channel), part));
        }
        ends.forEach(channel -> offer(channel, EndOfInput.INSTANCE));
    }

    private static void offer(Channel channel, StreamElement element) {
        while (!channel.offer(element)) {
            LockSupport.park();
        }
    }
}
