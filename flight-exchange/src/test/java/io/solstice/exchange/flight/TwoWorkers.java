package io.solstice.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.ticket.RunSecret;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.awaitility.Awaitility;

/** A sending and a receiving worker's exchange, with real gRPC between them on the loopback device. */
final class TwoWorkers implements AutoCloseable {
    static final RunId RUN = new RunId(new JobId("job"), 1);
    static final String SECRET_TEXT = "a secret of the run";
    static final RunSecret SECRET = new RunSecret(SECRET_TEXT);
    static final ChannelId ID = id(0);

    final BufferAllocator root = new RootAllocator();
    final BufferAllocator senderMemory = root.newChildAllocator("sending task", 0, Long.MAX_VALUE);
    final BufferAllocator receiverMemory = root.newChildAllocator("receiving task", 0, Long.MAX_VALUE);
    final FlightExchange receiving;
    final FlightExchange sending;
    final Endpoint endpoint;
    private final Server server;

    TwoWorkers() {
        this(endpoint -> endpoint);
    }

    /** @param route where to send what is meant for the endpoint */
    TwoWorkers(UnaryOperator<Endpoint> route) {
        receiving = new FlightExchange(root, endpoint -> {
            throw new AssertionError("sends nothing");
        });
        try {
            server = FlightTransport.tune(
                            NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                    .addService(receiving.service())
                    .build()
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        endpoint = route.apply(new Endpoint("127.0.0.1", server.getPort()));
        sending = new FlightExchange(
                root,
                to -> FlightTransport.tune(NettyChannelBuilder.forAddress(to.host(), to.port()))
                        .usePlaintext()
                        .build());
    }

    static ChannelId id(int sender) {
        return new ChannelId(RUN, new StageId("from"), new StageId("to"), sender, 0);
    }

    /** Ends both workers at once, as a power cut would. */
    @Override
    public void close() {
        sending.close();
        server.shutdownNow();
        receiving.releaseRun(RUN);
        try {
            assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        receiving.close();
        Awaitility.await().until(() -> root.getAllocatedMemory() == 0);
        senderMemory.close();
        receiverMemory.close();
        root.close();
    }

    void killServer() {
        server.shutdownNow();
    }

    /** Both ends of one road, each with a task's parking. */
    final class Road {
        final Semaphore senderPermits = new Semaphore(0);
        final Semaphore receiverPermits = new Semaphore(0);
        final Channel in;
        final Channel out;

        Road(ChannelId id, long budgetBytes) {
            in = receiving.receive(id, SECRET_TEXT, budgetBytes, receiverMemory, receiverPermits::release);
            out = sending.send(id, SECRET_TEXT, endpoint, senderPermits::release);
        }

        void send(StreamElement element) {
            while (!out.offer(element)) {
                park(senderPermits);
            }
        }

        void send(List<? extends StreamElement> elements) {
            elements.forEach(this::send);
        }

        StreamElement receive() {
            while (true) {
                StreamElement next = in.poll();
                if (next != null) {
                    return next;
                }
                park(receiverPermits);
            }
        }

        /** Everything up to the end of input, which is not given on. */
        void receiveAll(Consumer<StreamElement> each) {
            for (StreamElement next = receive(); !(next instanceof EndOfInput); next = receive()) {
                each.accept(next);
            }
        }

        /** Waits for the receiver's first credit. */
        void connect() {
            while (out.room() == 0) {
                park(senderPermits);
            }
        }
    }

    Road road(long budgetBytes) {
        return new Road(ID, budgetBytes);
    }

    static void park(Semaphore permits) {
        try {
            assertThat(permits.tryAcquire(20, TimeUnit.SECONDS)).as("was woken").isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        permits.drainPermits();
    }

    Batch batch(long number) {
        return batch(number, 8);
    }

    /** One row: a number and so many bytes that follow from it. */
    Batch batch(long number, int bytes) {
        BigIntVector numbers = new BigIntVector("n", senderMemory);
        numbers.allocateNew(1);
        numbers.set(0, number);
        numbers.setValueCount(1);
        VarBinaryVector payload = new VarBinaryVector("payload", senderMemory);
        payload.allocateNew(bytes, 1);
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) number);
        payload.set(0, content);
        payload.setValueCount(1);
        return Batch.of(List.of(numbers, payload), 1);
    }

    static long number(StreamElement element) {
        assertThat(element).isInstanceOf(Batch.class);
        try (Batch batch = (Batch) element) {
            long number = ((BigIntVector) batch.column("n")).get(0);
            byte[] content = ((VarBinaryVector) batch.column("payload")).get(0);
            for (byte one : content) {
                if (one != (byte) number) {
                    throw new AssertionError("batch " + number + " holds a " + one);
                }
            }
            return number;
        }
    }

    /** Batches as their numbers, signals as themselves. */
    static List<Object> numbered(List<StreamElement> elements) {
        List<Object> plain = new ArrayList<>();
        elements.forEach(element -> plain.add(element instanceof Batch ? number(element) : element));
        return plain;
    }
}
