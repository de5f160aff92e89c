package io.solstice.exchange.flight;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.exchange.channel.Channel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * All roads between the tasks of this worker process and those of others. One for each process; its methods may be
 * called on any thread.
 */
public final class FlightExchange implements AutoCloseable {
    private final WireMemory memory;
    private final Peers peers;
    private final ConcurrentHashMap<ChannelId, ReceivingChannel> receivers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<ChannelId, Sender> senders = new ConcurrentHashMap<>();

    private record Sender(SendingChannel channel, Endpoint receiver) {}

    /**
     * @param allocator the process's memory; batches on their way out are counted there
     * @param connect makes the connection to a worker, with whatever security there is; see {@link FlightTransport}
     */
    public FlightExchange(BufferAllocator allocator, Function<Endpoint, ManagedChannel> connect) {
        this.memory = new WireMemory(allocator.newChildAllocator("exchange", 0, Long.MAX_VALUE));
        this.peers = new Peers(connect);
    }

    /** What the process's gRPC server must offer, set up by {@link FlightTransport}, so that others can send here. */
    public BindableService service() {
        ServiceDescriptor service = ServiceDescriptor.newBuilder(FlightServiceGrpc.SERVICE_NAME)
                .setSchemaDescriptor(FlightServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(ExchangeMethod.RECEIVING)
                .build();
        return () -> ServerServiceDefinition.builder(service)
                .addMethod(ExchangeMethod.RECEIVING, (call, headers) -> new ReceivingCall(call, this::receiver))
                .build();
    }

    private @Nullable ReceivingChannel receiver(ChannelId id) {
        return receivers.get(id);
    }

    /**
     * The receiver's end of a channel. It must exist before the sender looks for room. Polling throws a coded error
     * once the channel is broken.
     *
     * @param budgetBytes how much may be on the way; one batch more can be
     * @param receiverMemory where received batches are put when the task takes them; used on the task's thread only
     * @param wakeReceiver called on a thread of gRPC when there is something to receive, or an error to find out about
     */
    public Channel receive(
            ChannelId id,
            ChannelSecret secret,
            long budgetBytes,
            BufferAllocator receiverMemory,
            Runnable wakeReceiver) {
        ReceivingChannel channel = new ReceivingChannel(id, secret, budgetBytes, receiverMemory, wakeReceiver);
        if (receivers.putIfAbsent(id, channel) != null) {
            throw new IllegalStateException("channel " + id + " is received already");
        }
        return channel;
    }

    /**
     * The sender's end of a channel. It connects when the task first sends or looks for room, which must not be before
     * all receivers of the run exist. Offering throws a coded error once the channel is broken; the element then stays
     * the sender's.
     *
     * @param receiver where the receiver's worker listens
     * @param wakeSender called on a thread of gRPC when there is room again, or an error to find out about
     */
    public Channel send(ChannelId id, ChannelSecret secret, Endpoint receiver, Runnable wakeSender) {
        SendingChannel channel = new SendingChannel(
                id,
                "receiver at " + receiver,
                ChannelTicket.write(id, secret),
                () -> peers.use(receiver)
                        .newCall(ExchangeMethod.SENDING, CallOptions.DEFAULT.withExecutor(Runnable::run)),
                memory,
                wakeSender);
        if (senders.putIfAbsent(id, new Sender(channel, receiver)) != null) {
            throw new IllegalStateException("channel " + id + " is sent already");
        }
        return channel;
    }

    /** Ends what is left of a run's channels and forgets its tickets. Its tasks must have ended. */
    public void releaseRun(RunId run) {
        receivers.values().removeIf(channel -> {
            boolean ofRun = channel.id().run().equals(run);
            if (ofRun) {
                channel.abandon();
            }
            return ofRun;
        });
        senders.forEach((id, sender) -> {
            if (id.run().equals(run) && senders.remove(id, sender)) {
                sender.channel().abandon();
                if (sender.channel().isConnected()) {
                    peers.leave(sender.receiver());
                }
            }
        });
    }

    /** Ends everything. The process's server must have been shut down. */
    @Override
    public void close() {
        receivers.keySet().forEach(id -> releaseRun(id.run()));
        senders.keySet().forEach(id -> releaseRun(id.run()));
        peers.close();
        memory.close();
    }
}
