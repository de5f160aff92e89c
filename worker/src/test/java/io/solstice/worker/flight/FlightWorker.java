package io.solstice.worker.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.ticket.FlightTicket;
import io.solstice.common.ticket.FlightTicket.Right;
import io.solstice.common.ticket.RunSecret;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The Flight part of a worker process, and a plain client of it. */
final class FlightWorker implements AutoCloseable {
    static final RunId RUN = new RunId(new JobId("job"), 3);
    static final StageId STAGE = new StageId("stage");
    static final String SECRET = "a secret that nobody guesses";
    static final Schema NUMBERS =
            new Schema(List.of(new Field("n", FieldType.nullable(new ArrowType.Int(64, true)), null)));

    final BufferAllocator root = new RootAllocator();
    final BufferAllocator taskMemory = root.newChildAllocator("task", 0, Long.MAX_VALUE);
    final AtomicLong nowMillis = new AtomicLong(1_000_000);
    final FlightEndpoints endpoints;
    final FlightClient client;
    private final FlightExchange exchange;
    private final Server server;

    FlightWorker(Path folder) throws IOException {
        this(folder, 60_000);
    }

    /** @param patienceMillis of clients that come early */
    FlightWorker(Path folder, long patienceMillis) throws IOException {
        Clock clock = new Clock() {
            @Override
            public long wallMillis() {
                return nowMillis.get();
            }

            @Override
            public long monotonicNanos() {
                return TimeUnit.MILLISECONDS.toNanos(nowMillis.get());
            }
        };
        endpoints = new FlightEndpoints(root, folder, clock, this::location, patienceMillis);
        exchange = new FlightExchange(root, endpoint -> {
            throw new AssertionError("sends nothing");
        });
        server = FlightTransport.tune(
                        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .addService(exchange.service(endpoints.service()))
                .build()
                .start();
        client = FlightClient.builder(root, location()).build();
        endpoints.admit(RUN, SECRET);
    }

    Location location() {
        return Location.forGrpcInsecure("127.0.0.1", server.getPort());
    }

    FlightTicket ticket(int task, Right right) {
        return new FlightTicket(RUN, STAGE, task, right, nowMillis.get() + 60_000);
    }

    static byte[] signed(FlightTicket ticket) {
        return ticket.sign(new RunSecret(SECRET));
    }

    StandInTask task(int index) {
        return new StandInTask(RUN.job().value(), STAGE.value(), index, taskMemory, null);
    }

    /** Rows with the numbers {@code from} to {@code from + rows - 1}. */
    Batch numbers(long from, int rows) {
        BigIntVector vector = new BigIntVector("n", taskMemory);
        vector.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            vector.set(i, from + i);
        }
        vector.setValueCount(rows);
        return Batch.of(NUMBERS, List.of(vector), rows);
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        server.shutdownNow();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        endpoints.close();
        exchange.close();
        taskMemory.close();
        assertThat(root.getAllocatedMemory()).isZero();
        root.close();
    }
}
