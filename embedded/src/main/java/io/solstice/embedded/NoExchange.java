package io.solstice.embedded;

import io.solstice.common.protocol.Endpoint;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import io.solstice.exchange.channel.Exchange;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;

/** One worker has no other to exchange batches with. */
enum NoExchange implements Exchange {
    INSTANCE;

    @Override
    public Channel receive(
            ChannelId id, String secret, long budgetBytes, BufferAllocator allocator, Runnable wakeReceiver) {
        throw new IllegalStateException("there is no other worker to receive from: " + id);
    }

    @Override
    public Channel send(ChannelId id, String secret, Endpoint to, Runnable wakeSender) {
        throw new IllegalStateException("there is no other worker to send to: " + id);
    }

    @Override
    public void release(Predicate<ChannelId> channels) {}
}
