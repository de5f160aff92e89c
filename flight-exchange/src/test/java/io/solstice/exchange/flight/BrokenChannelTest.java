package io.solstice.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.RunId;
import io.solstice.common.ticket.RunSecret;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.ChannelId;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that can be wrong with a stream ends it with a code, at the end that finds it and at the other. */
@Timeout(240)
class BrokenChannelTest {
    /** A stream whose messages the test makes. */
    private static final class Forger implements AutoCloseable {
        final FrameWriter writer;
        final CompletableFuture<Status> end = new CompletableFuture<>();
        final CompletableFuture<Boolean> accepted = new CompletableFuture<>();
        private final WireMemory memory;
        private final ManagedChannel connection;
        private final ClientCall<OutgoingFrame, InputStream> call;

        Forger(TwoWorkers workers) {
            memory = new WireMemory(workers.root.newChildAllocator("forger", 0, Long.MAX_VALUE));
            writer = new FrameWriter(memory);
            connection = NettyChannelBuilder.forAddress(workers.endpoint.host(), workers.endpoint.port())
                    .usePlaintext()
                    .build();
            call = connection.newCall(ExchangeMethod.SENDING, CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(InputStream credit) {
                            accepted.complete(true);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                            accepted.complete(false);
                        }
                    },
                    new Metadata());
            call.request(1000);
        }

        Forger send(OutgoingFrame frame) {
            call.sendMessage(frame);
            return this;
        }

        boolean isAccepted(byte[] ticket) throws Exception {
            send(writer.open(ticket));
            return accepted.get(20, TimeUnit.SECONDS);
        }

        Status end() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            connection.shutdownNow();
            memory.close();
        }
    }

    private static ErrorCode codeAtReceiver(TwoWorkers.Road road) {
        Throwable thrown = catchThrowable(() -> road.receiveAll(element -> {
            if (element instanceof Batch) {
                TwoWorkers.number(element);
            }
        }));
        assertThat(thrown).isInstanceOf(SolsticeException.class);
        return ((SolsticeException) thrown).code();
    }

    private static ErrorCode codeAtSender(TwoWorkers workers, TwoWorkers.Road road) {
        SolsticeException thrown = null;
        while (thrown == null) {
            Batch next = workers.batch(1);
            try {
                while (!road.out.offer(next)) {
                    TwoWorkers.park(road.senderPermits);
                }
            } catch (SolsticeException coded) {
                next.close();
                thrown = coded;
            }
        }
        return thrown.code();
    }

    @Test
    void ticketsOfOthersAreRefusedAndHarmNobody() throws Exception {
        try (TwoWorkers workers = new TwoWorkers()) {
            TwoWorkers.Road road = workers.road(1000);
            byte[] good = ChannelTicket.write(TwoWorkers.ID, TwoWorkers.SECRET);
            byte[] forged = good.clone();
            forged[forged.length - 1] ^= 1;
            byte[] otherIndex = ChannelTicket.write(TwoWorkers.id(7), TwoWorkers.SECRET);
            RunId earlier = new RunId(TwoWorkers.RUN.job(), 0);
            byte[] otherRun = ChannelTicket.write(
                    new ChannelId(earlier, TwoWorkers.ID.from(), TwoWorkers.ID.to(), 0, 0), TwoWorkers.SECRET);
            byte[] otherSecret = ChannelTicket.write(TwoWorkers.ID, new RunSecret("another run's secret"));
            byte[] movedSignature = otherIndex.clone();
            System.arraycopy(good, good.length - 32, movedSignature, movedSignature.length - 32, 32);
            byte[][] bad = {
                forged, otherIndex, otherRun, otherSecret, movedSignature, {}, new byte[33], Arrays.copyOf(good, 40)
            };
            for (byte[] ticket : bad) {
                try (Forger forger = new Forger(workers)) {
                    assertThat(forger.isAccepted(ticket)).isFalse();
                    assertThat(forger.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                }
            }
            road.send(workers.batch(1));
            assertThat(TwoWorkers.number(road.receive())).isEqualTo(1);
            try (Forger replay = new Forger(workers)) {
                assertThat(replay.isAccepted(good)).as("a ticket is good once").isFalse();
            }
            road.send(workers.batch(2));
            assertThat(TwoWorkers.number(road.receive())).isEqualTo(2);
            workers.receiving.releaseRun(TwoWorkers.RUN);
            try (Forger late = new Forger(workers)) {
                assertThat(late.isAccepted(good))
                        .as("a ticket ends with its run")
                        .isFalse();
            }
        }
    }

    @Test
    void aSenderThatIsRefusedIsTold() {
        try (TwoWorkers workers = new TwoWorkers()) {
            TwoWorkers.Road road = workers.road(1000);
            workers.receiving.releaseRun(TwoWorkers.RUN);
            assertThat(codeAtSender(workers, road)).isEqualTo(ErrorCode.TICKET_INVALID);
        }
    }

    @Test
    void gapsRepeatsAndSurprisesAreFound() throws Exception {
        for (int kind = 0; kind < 6; kind++) {
            try (TwoWorkers workers = new TwoWorkers();
                    Forger forger = new Forger(workers)) {
                TwoWorkers.Road road = workers.road(1000);
                FrameWriter writer = forger.writer;
                assertThat(forger.isAccepted(ChannelTicket.write(TwoWorkers.ID, TwoWorkers.SECRET)))
                        .isTrue();
                OutgoingFrame next = writer.signal(FrameMeta.Kind.WATERMARK, 1);
                switch (kind) {
                    case 0 -> forger.send(writer.signal(FrameMeta.Kind.WATERMARK, 2));
                    case 1 -> forger.send(next).send(next);
                    case 2 -> forger.send(new OutgoingFrame.Small(new byte[] {26, 100, 1}));
                    case 3 -> forger.send(FrameWriter.credit(5));
                    case 4 -> {
                        forger.send(next);
                        forger.call.halfClose();
                    }
                    default -> {
                        byte[] bytes = ((OutgoingFrame.Small) next).bytes().clone();
                        bytes[bytes.length - 6] ^= 1;
                        forger.send(new OutgoingFrame.Small(bytes));
                    }
                }
                assertThat(codeAtReceiver(road)).as("kind %d", kind).isEqualTo(ErrorCode.EXCHANGE_CORRUPT);
                assertThat(forger.end().getCode()).as("kind %d", kind).isEqualTo(Status.Code.DATA_LOSS);
            }
        }
    }

    @Test
    void aSenderWithoutCreditIsCutOff() throws Exception {
        try (TwoWorkers workers = new TwoWorkers();
                Forger forger = new Forger(workers)) {
            TwoWorkers.Road road = workers.road(1000);
            assertThat(forger.isAccepted(ChannelTicket.write(TwoWorkers.ID, TwoWorkers.SECRET)))
                    .isTrue();
            try (Batch batch = workers.batch(1, 2000)) {
                OutgoingFrame schema = forger.writer.schemaFor(batch);
                assertThat(schema).isNotNull();
                forger.send(schema);
                for (int i = 0; i < 2; i++) {
                    OutgoingFrame frame = forger.writer.batch(batch).frame();
                    forger.send(frame);
                    frame.release();
                }
            }
            assertThat(forger.end().getDescription()).contains("without credit");
            assertThat(codeAtReceiver(road)).isEqualTo(ErrorCode.EXCHANGE_CORRUPT);
        }
    }

    @Test
    void aDamagedByteIsFoundWhereverItIs() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Proxy[] proxy = new Proxy[1];
            try (TwoWorkers workers = new TwoWorkers(target -> {
                proxy[0] = new Proxy(target);
                return proxy[0].endpoint();
            })) {
                TwoWorkers.Road road = workers.road(64 << 20);
                road.connect();
                // Past the handshake, within the body of a batch or at its borders.
                proxy[0].damageByte(5_000 + random.nextInt(150_000));
                for (int i = 0; i < 4; i++) {
                    road.send(workers.batch(i, 50_000));
                }
                road.send(EndOfInput.INSTANCE);
                assertThat(codeAtReceiver(road))
                        .as("seed %d", seed)
                        .isIn(ErrorCode.EXCHANGE_CORRUPT, ErrorCode.EXCHANGE_LOST);
            } finally {
                proxy[0].close();
            }
        }
    }

    @Test
    void bothEndsNoticeACutLine() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Proxy[] proxy = new Proxy[1];
            try (TwoWorkers workers = new TwoWorkers(target -> {
                proxy[0] = new Proxy(target);
                return proxy[0].endpoint();
            })) {
                TwoWorkers.Road road = workers.road(1 << 20);
                road.connect();
                proxy[0].cutAfter(1_000 + random.nextInt(500_000));
                CompletableFuture<ErrorCode> received = CompletableFuture.supplyAsync(() -> codeAtReceiver(road));
                assertThat(codeAtSender(workers, road)).as("seed %d", seed).isEqualTo(ErrorCode.EXCHANGE_LOST);
                assertThat(received.join()).as("seed %d", seed).isEqualTo(ErrorCode.EXCHANGE_LOST);
            } finally {
                proxy[0].close();
            }
        }
    }

    @Test
    void aWorkerThatIsNotThereIsNamed() {
        try (TwoWorkers workers = new TwoWorkers()) {
            TwoWorkers.Road road = workers.road(1000);
            workers.killServer();
            Throwable thrown = catchThrowable(() -> {
                while (true) {
                    road.send(new Watermark(1));
                    TwoWorkers.park(road.senderPermits);
                }
            });
            assertThat(thrown)
                    .isInstanceOf(SolsticeException.class)
                    .hasMessageContaining("SOL-3106")
                    .hasMessageContaining(workers.endpoint.toString())
                    .hasMessageContaining("job#1 from/0 -> to/0");
        }
    }

    @Test
    void aReceiverWithoutMemoryFailsWithThatCode() {
        try (TwoWorkers workers = new TwoWorkers()) {
            workers.receiverMemory.setLimit(1000);
            TwoWorkers.Road road = workers.road(1 << 20);
            road.send(workers.batch(1, 10_000));
            assertThat(codeAtReceiver(road)).isEqualTo(ErrorCode.MEMORY_LIMIT);
        }
    }
}
