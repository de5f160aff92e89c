package io.solstice.exchange.flight;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.ticket.RunSecret;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import io.solstice.exchange.channel.Exchange;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * All roads between the tasks of this worker process and those of others. One for each process; its methods may be
 * called on any thread.
 */
public final class FlightExchange implements Exchange, AutoCloseable {
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
        return service(List.of());
    }

    /** The same together with a Flight service of the process's own, whose {@code DoExchange} it takes the place of. */
    public BindableService service(BindableService flight) {
        return service(List.copyOf(flight.bindService().getMethods()));
    }

    private BindableService service(List<ServerMethodDefinition<?, ?>> others) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>(others);
        ServerCallHandler<InputStream, OutgoingFrame> handler =
                (call, headers) -> new ReceivingCall(call, this::receiver);
        ServerMethodDefinition<?, ?> own = ServerMethodDefinition.create(ExchangeMethod.RECEIVING, handler);
        methods.removeIf(other -> nameOf(other).equals(nameOf(own)));
        methods.add(own);
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(FlightServiceGrpc.SERVICE_NAME)
                .setSchemaDescriptor(FlightServiceGrpc.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(service::addMethod);
        return service::build;
    }

    private static String nameOf(ServerMethodDefinition<?, ?> method) {
        return method.getMethodDescriptor().getFullMethodName();
    }

    private @Nullable ReceivingChannel receiver(ChannelId id) {
        return receivers.get(id);
    }

    /** {@inheritDoc} Received batches are put into the task's memory when the task takes them, on its thread. */
    @Override
    public Channel receive(
            ChannelId id, String secret, long budgetBytes, BufferAllocator allocator, Runnable wakeReceiver) {
        ReceivingChannel channel =
                new ReceivingChannel(id, new RunSecret(secret), budgetBytes, allocator, wakeReceiver);
        if (receivers.putIfAbsent(id, channel) != null) {
            throw new IllegalStateException("channel " + id + " is received already");
        }
        return channel;
    }

    /**
     * {@inheritDoc} It connects when the task first sends or looks for room. What is on its way out is the process's
     * memory and no longer the task's, which may end before it is written.
     */
    @Override
    public Channel send(ChannelId id, String secret, Endpoint receiver, Runnable wakeSender) {
        SendingChannel channel = new SendingChannel(
                id,
                "receiver at " + receiver,
                ChannelTicket.write(id, new RunSecret(secret)),
                () -> peers.use(receiver)
                        .newCall(ExchangeMethod.SENDING, CallOptions.DEFAULT.withExecutor(Runnable::run)),
                memory,
                wakeSender);
        if (senders.putIfAbsent(id, new Sender(channel, receiver)) != null) {
            throw new IllegalStateException("channel " + id + " is sent already");
        }
        return channel;
    }

    /** Ends what is left of the channels and forgets their tickets. */
    @Override
    public void release(Predicate<ChannelId> channels) {
        receivers.values().removeIf(channel -> {
            boolean ends = channels.test(channel.id());
            if (ends) {
                channel.abandon();
            }
            return ends;
        });
        senders.forEach((id, sender) -> {
            if (channels.test(id) && senders.remove(id, sender)) {
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
        release(channel -> true);
        peers.close();
        memory.close();
    }
}
