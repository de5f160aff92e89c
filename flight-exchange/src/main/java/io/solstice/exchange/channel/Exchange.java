package io.solstice.exchange.channel;

import io.solstice.common.id.RunId;
import io.solstice.common.protocol.Endpoint;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Channels to and from tasks in other processes. Both ends are made before any task of the run starts, in no order
 * between the processes, so a sender must not expect its receiver to be there before it sends. A channel whose other end
 * is lost throws {@code EXCHANGE_LOST} from {@code offer} or {@code poll}, after waking its task.
 */
public interface Exchange {
    /**
     * The receiving end.
     *
     * @param secret of the run; only who knows it may send
     * @param budgetBytes how many bytes may be on the way
     * @param allocator the receiving task's
     * @param wakeReceiver called by any thread when there is something to receive
     */
    Channel receive(ChannelId id, String secret, long budgetBytes, BufferAllocator allocator, Runnable wakeReceiver);

    /**
     * The sending end. What is on its way out is counted in the exchange's own memory, since the task may end before it
     * has left.
     *
     * @param wakeSender called by any thread when there is room again
     */
    Channel send(ChannelId id, String secret, Endpoint to, Runnable wakeSender);

    /** Ends these channels and returns when none of them holds memory any more. Their tasks have ended. */
    void release(Predicate<ChannelId> channels);

    /** Ends all channels of a run. */
    default void releaseRun(RunId run) {
        release(channel -> channel.run().equals(run));
    }
}
