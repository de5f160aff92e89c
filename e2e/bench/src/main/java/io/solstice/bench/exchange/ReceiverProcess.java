package io.solstice.bench.exchange;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.Inbox;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The receiving program. It says on which ports it listens; told {@code open STREAM CHANNELS} it makes itself ready for
 * a stream; when a stream has ended it says how many rows or bytes came. With each answer goes its processor time.
 */
public final class ReceiverProcess {
    private static final long INBOX_BYTES = 32 << 20;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final BufferAllocator memory = new RootAllocator();
    private final FlightExchange exchange = new FlightExchange(memory, endpoint -> {
        throw new IllegalStateException("this process only receives");
    });

    private ReceiverProcess() {}

    public static void main(String[] arguments) throws Exception {
        new ReceiverProcess().run();
        System.exit(0);
    }

    private void run() throws IOException {
        Server exchanging = FlightTransport.tune(NettyServerBuilder.forAddress(anyPort()))
                .addService(exchange.service())
                .build()
                .start();
        Server bytes = NettyServerBuilder.forAddress(anyPort())
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .addService(bytesService())
                .build()
                .start();
        FlightServer flight = FlightServer.builder(memory, Location.forGrpcInsecure("127.0.0.1", 0), new RowCounter())
                .build()
                .start();
        ServerSocketChannel door = ServerSocketChannel.open().bind(anyPort());
        daemon("tcp", () -> takeBytes(door));
        say("up " + exchanging.getPort() + " " + flight.getPort() + " " + bytes.getPort() + " "
                + door.socket().getLocalPort());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            int channels = Integer.parseInt(words[2]);
            if (channels > 0) {
                receive(Long.parseLong(words[1]), channels);
            }
            say("ready 0");
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void say(String words) {
        System.out.println(words + " " + PROCESS.getProcessCpuTime());
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void receive(long stream, int channels) {
        List<Channel> ends = new ArrayList<>();
        Thread[] receiver = new Thread[1];
        for (int i = 0; i < channels; i++) {
            ends.add(exchange.receive(
                    ExchangeWay.id(stream, i),
                    ExchangeWay.SECRET,
                    INBOX_BYTES,
                    memory,
                    () -> LockSupport.unpark(receiver[0])));
        }
        receiver[0] = daemon("receiver", () -> {
            Inbox inbox = new Inbox(ends);
            long rows = 0;
            for (StreamElement next = inbox.poll(); !(next instanceof EndOfInput); next = inbox.poll()) {
                if (next instanceof Batch batch) {
                    rows += batch.rowCount();
                    batch.close();
                } else {
                    LockSupport.park();
                }
            }
            say("done " + rows);
            exchange.releaseRun(ExchangeWay.id(stream, 0).run());
        });
    }

    /** Bare Flight. */
    private static final class RowCounter extends NoOpFlightProducer {
        @Override
        public Runnable acceptPut(CallContext context, FlightStream stream, StreamListener<PutResult> answers) {
            return () -> {
                long rows = 0;
                while (stream.next()) {
                    rows += stream.getRoot().getRowCount();
                }
                answers.onCompleted();
                say("done " + rows);
            };
        }
    }

    /** Plain gRPC. */
    private static ServerServiceDefinition bytesService() {
        return ServerServiceDefinition.builder("bench.Bytes")
                .addMethod(GrpcWay.METHOD, ServerCalls.asyncClientStreamingCall(ByteCounter::new))
                .build();
    }

    private static final class ByteCounter implements StreamObserver<BytesValue> {
        private final StreamObserver<Empty> answer;
        private long bytes;

        ByteCounter(StreamObserver<Empty> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(BytesValue value) {
            bytes += value.getValue().size();
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onCompleted() {
            answer.onNext(Empty.getDefaultInstance());
            answer.onCompleted();
            say("done " + bytes);
        }
    }

    private static void takeBytes(ServerSocketChannel door) {
        ByteBuffer into = ByteBuffer.allocateDirect(1 << 20);
        try {
            while (true) {
                long bytes = 0;
                try (SocketChannel socket = door.accept()) {
                    for (int count = 0; count >= 0; count = socket.read(into.clear())) {
                        bytes += count;
                    }
                }
                say("done " + bytes);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
