package io.solstice.worker.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.FlightSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.FlightSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.RunId;
import io.solstice.common.ticket.FlightTicket;
import io.solstice.common.ticket.FlightTicket.Right;
import io.solstice.common.ticket.RunSecret;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.builtin.Connectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker's sinks and sources as a plain Arrow Flight client sees them, over real gRPC. */
@Timeout(60)
class FlightEndpointsTest {
    @TempDir
    private Path folder;

    private FlightWorker worker;

    @BeforeEach
    void start() throws IOException {
        worker = new FlightWorker(folder);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        worker.close();
        assertThat(files()).isEmpty();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private List<Long> read(FlightStream stream) throws Exception {
        List<Long> numbers = new ArrayList<>();
        try (stream) {
            assertThat(stream.getSchema()).isEqualTo(FlightWorker.NUMBERS);
            while (stream.next()) {
                BigIntVector vector = (BigIntVector) stream.getRoot().getVector("n");
                for (int i = 0; i < vector.getValueCount(); i++) {
                    numbers.add(vector.get(i));
                }
            }
        }
        return numbers;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private void write(SinkWriter writer, long from, int rows) throws Exception {
        try (Batch batch = worker.numbers(from, rows)) {
            writer.write(batch);
        }
    }

    private FlightStream get(FlightTicket ticket) {
        return worker.client.getStream(new Ticket(FlightWorker.signed(ticket)));
    }

    @Test
    void anOutputIsReadWhileTheJobRunsAndAfterItAndTwice() throws Exception {
        try (Sink sink = worker.endpoints.sink(FlightSink.create().bufferBytes(5_000))) {
            SinkWriter writer = sink.open(worker.task(0));
            CompletableFuture<List<Long>> early = CompletableFuture.supplyAsync(() -> {
                try {
                    return read(get(worker.ticket(0, Right.READ)));
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            });
            for (int i = 0; i < 50; i++) {
                write(writer, i * 100L, 100);
            }
            assertThat(files()).as("what does not fit into memory").hasSize(1);
            assertThat(early).isNotDone();
            assertThat(writer.seal()).isNull();
            writer.close();
            assertThat(early.get()).isEqualTo(range(0, 5000));
        }
        worker.endpoints.release(FlightWorker.RUN);
        assertThat(read(get(worker.ticket(0, Right.READ)))).isEqualTo(range(0, 5000));
    }

    @Test
    void endpointsAreListedWithTheirSchemaAndTickets() throws Exception {
        try (Sink sink = worker.endpoints.sink(FlightSink.create())) {
            for (int task = 0; task < 2; task++) {
                try (SinkWriter writer = sink.open(worker.task(task))) {
                    write(writer, task * 10L, 10);
                    writer.seal();
                }
            }
        }
        byte[] all = FlightWorker.signed(worker.ticket(FlightTicket.ALL, Right.READ));
        FlightInfo info = worker.client.getInfo(FlightDescriptor.command(all));
        assertThat(info.getSchemaOptional()).contains(FlightWorker.NUMBERS);
        List<Long> numbers = new ArrayList<>();
        for (FlightEndpoint endpoint : info.getEndpoints()) {
            assertThat(endpoint.getLocations()).containsExactly(worker.location());
            try (FlightClient other = FlightClient.builder(
                            worker.root, endpoint.getLocations().get(0))
                    .build()) {
                numbers.addAll(read(other.getStream(endpoint.getTicket())));
            }
        }
        assertThat(numbers).isEqualTo(range(0, 20));
        assertThat(worker.client.getSchema(FlightDescriptor.command(all)).getSchema())
                .isEqualTo(FlightWorker.NUMBERS);
        List<FlightInfo> listed = new ArrayList<>();
        worker.client.listFlights(new Criteria(all)).forEach(listed::add);
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).getEndpoints()).hasSize(2);
    }

    @Test
    void aFailedJobsOutputEndsInAnError() throws Exception {
        try (Sink sink = worker.endpoints.sink(FlightSink.create())) {
            SinkWriter writer = sink.open(worker.task(0));
            write(writer, 0, 10);
            writer.close();
        }
        assertThatThrownBy(() -> read(get(worker.ticket(0, Right.READ))))
                .isInstanceOf(FlightRuntimeException.class)
                .hasMessageContaining("before its output was complete");
    }

    @Test
    void outputsAreRemovedWhenTheirTimeIsOver() throws Exception {
        FlightSink kept = FlightSink.create().bufferBytes(0).keep(Duration.ofSeconds(30));
        try (Sink sink = worker.endpoints.sink(kept);
                SinkWriter writer = sink.open(worker.task(0))) {
            write(writer, 0, 10);
            writer.seal();
        }
        worker.endpoints.release(FlightWorker.RUN);
        worker.nowMillis.addAndGet(29_000);
        assertThat(read(get(worker.ticket(0, Right.READ)))).hasSize(10);
        worker.nowMillis.addAndGet(2_000);
        assertThatThrownBy(() -> read(get(worker.ticket(0, Right.READ)))).isInstanceOf(FlightRuntimeException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void aReaderThatLeavesIsForgotten() throws Exception {
        try (Sink sink = worker.endpoints.sink(FlightSink.create());
                SinkWriter writer = sink.open(worker.task(0))) {
            write(writer, 0, 10);
            try (FlightStream stream = get(worker.ticket(0, Right.READ))) {
                assertThat(stream.next()).isTrue();
                stream.cancel("enough", null);
            }
            writer.seal();
        }
    }

    @Test
    void wrongTicketsOpenNothing() throws Exception {
        try (Sink sink = worker.endpoints.sink(FlightSink.create());
                SinkWriter writer = sink.open(worker.task(0))) {
            write(writer, 0, 10);
            writer.seal();
        }
        FlightTicket good = worker.ticket(0, Right.READ);
        byte[] forged = FlightWorker.signed(good);
        forged[forged.length - 1] ^= 1;
        RunId other = new RunId(FlightWorker.RUN.job(), 2);
        List<byte[]> bad = List.of(
                forged,
                new byte[0],
                good.sign(new RunSecret("another run's secret")),
                FlightWorker.signed(worker.ticket(0, Right.SEND)),
                FlightWorker.signed(new FlightTicket(FlightWorker.RUN, FlightWorker.STAGE, 0, Right.READ, 5)),
                FlightWorker.signed(new FlightTicket(other, FlightWorker.STAGE, 0, Right.READ, good.expiresMillis())));
        for (byte[] ticket : bad) {
            assertThatThrownBy(() -> read(worker.client.getStream(new Ticket(ticket))))
                    .isInstanceOf(FlightRuntimeException.class)
                    .extracting(
                            thrown -> ((FlightRuntimeException) thrown).status().code())
                    .isEqualTo(FlightStatusCode.UNAUTHENTICATED);
        }
        assertThatThrownBy(() -> worker.client.getInfo(FlightDescriptor.path("job", "stage")))
                .hasMessageContaining("SOL-3108");
    }

    private long send(FlightTicket ticket, long from, int batches) throws Exception {
        return send(ticket, from, batches, 100);
    }

    /** How many rows the worker says that it took. */
    private long send(FlightTicket ticket, long from, int batches, int rows) throws Exception {
        byte[] signed = FlightWorker.signed(ticket);
        try (VectorSchemaRoot root = VectorSchemaRoot.create(FlightWorker.NUMBERS, worker.root);
                SyncPutListener answers = new SyncPutListener()) {
            FlightClient.ClientStreamListener stream =
                    worker.client.startPut(FlightDescriptor.command(signed), root, answers);
            BigIntVector vector = (BigIntVector) root.getVector("n");
            for (int i = 0; i < batches; i++) {
                vector.allocateNew(rows);
                for (int row = 0; row < rows; row++) {
                    vector.set(row, from + (long) i * rows + row);
                }
                root.setRowCount(rows);
                stream.putNext();
            }
            stream.completed();
            try (PutResult result = answers.read()) {
                return result == null ? -1 : result.getApplicationMetadata().getLong(0);
            } finally {
                answers.getResult();
            }
        }
    }

    private static List<Long> readAll(SourceReader reader) throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
            try (Batch open = batch) {
                BigIntVector vector = (BigIntVector) open.column("n");
                for (int i = 0; i < open.rowCount(); i++) {
                    numbers.add(vector.get(i));
                }
            }
        }
        return numbers;
    }

    private SourceReader open(FlightSource definition) throws Exception {
        Source source = worker.endpoints.source(definition);
        assertThat(source.schema()).isEqualTo(FlightWorker.NUMBERS);
        return source.open(source.splits().get(0), 0, worker.task(0));
    }

    @Test
    void rowsOfSeveralStreamsComeInUntilAllHaveEnded() throws Exception {
        try (SourceReader reader = open(FlightSource.of(FlightWorker.NUMBERS).streams(2))) {
            FlightTicket ticket = worker.ticket(0, Right.SEND);
            FlightInfo info = worker.client.getInfo(
                    FlightDescriptor.command(FlightWorker.signed(worker.ticket(FlightTicket.ALL, Right.SEND))));
            assertThat(info.getSchemaOptional()).contains(FlightWorker.NUMBERS);
            assertThat(info.getEndpoints()).hasSize(1);
            assertThat(send(ticket, 0, 3)).isEqualTo(300);
            assertThat(send(ticket, 300, 2)).isEqualTo(200);
            assertThat(readAll(reader)).isEqualTo(range(0, 500));
            assertThatThrownBy(() -> send(ticket, 0, 1)).hasMessageContaining("takes no more rows");
        }
    }

    @Test
    void theActionEndsTheInput() throws Exception {
        try (SourceReader reader = open(FlightSource.of(FlightWorker.NUMBERS))) {
            assertThat(send(worker.ticket(0, Right.SEND), 0, 1)).isEqualTo(100);
            byte[] ticket = FlightWorker.signed(worker.ticket(FlightTicket.ALL, Right.SEND));
            worker.client.doAction(new Action("end", ticket)).forEachRemaining(result -> {});
            assertThat(readAll(reader)).isEqualTo(range(0, 100));
            assertThat(worker.client.listActions()).hasSize(1);
            assertThatThrownBy(() ->
                            worker.client.doAction(new Action("stop", ticket)).forEachRemaining(result -> {}))
                    .hasMessageContaining("'end'");
        }
    }

    @Test
    void aSenderIsHeldBackWhileTheJobIsBusy() throws Exception {
        try (SourceReader reader = open(FlightSource.of(FlightWorker.NUMBERS).streams(1))) {
            int batches = 400;
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> {
                try {
                    return send(worker.ticket(0, Right.SEND), 0, batches, 10_000);
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            });
            long rows = 0;
            long most = 0;
            for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
                most = Math.max(most, worker.root.getAllocatedMemory());
                rows += batch.rowCount();
                batch.close();
            }
            assertThat(rows).isEqualTo(sent.get()).isEqualTo(batches * 10_000L);
            assertThat(most).as("32 MB were sent").isLessThan(24L << 20);
        }
    }

    @Test
    void otherColumnsAreRefused() throws Exception {
        try (SourceReader reader = open(FlightSource.of(FlightWorker.NUMBERS));
                BufferAllocator own = new RootAllocator();
                VarCharVector texts = new VarCharVector("n", own);
                VectorSchemaRoot root = VectorSchemaRoot.of(texts);
                SyncPutListener answers = new SyncPutListener()) {
            byte[] ticket = FlightWorker.signed(worker.ticket(0, Right.SEND));
            FlightClient.ClientStreamListener stream =
                    worker.client.startPut(FlightDescriptor.command(ticket), root, answers);
            stream.completed();
            assertThatThrownBy(answers::getResult)
                    .hasMessageContaining("SOL-1201")
                    .hasMessageContaining("Utf8");
            assertThat(reader).isNotNull();
        }
    }

    @Test
    void aTaskThatIsCancelledLetsGoOfWhatWaits() throws Exception {
        SourceReader reader = open(FlightSource.of(FlightWorker.NUMBERS));
        assertThat(send(worker.ticket(0, Right.SEND), 0, 3)).isEqualTo(300);
        reader.close();
        assertThatThrownBy(() -> send(worker.ticket(0, Right.SEND), 0, 1)).hasMessageContaining("takes no rows");
    }

    private <T> CompletableFuture<T> meanwhile(Callable<T> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception failure) {
                throw new CompletionException(failure);
            }
        });
    }

    @Test
    void whoComesBeforeTheTaskHasOpenedWaitsForIt() throws Exception {
        CompletableFuture<Long> sent = meanwhile(() -> send(worker.ticket(0, Right.SEND), 0, 3));
        CompletableFuture<List<Long>> received = meanwhile(() -> read(get(worker.ticket(1, Right.READ))));
        Awaitility.await().until(() -> worker.endpoints.earlyClients() == 2);
        try (SourceReader reader = open(FlightSource.of(FlightWorker.NUMBERS).streams(1));
                Sink sink = worker.endpoints.sink(FlightSink.create());
                SinkWriter writer = sink.open(worker.task(1))) {
            assertThat(readAll(reader)).isEqualTo(range(0, 300));
            assertThat(sent.get()).isEqualTo(300);
            write(writer, 0, 10);
            writer.seal();
            assertThat(received.get()).isEqualTo(range(0, 10));
        }
    }

    @Test
    void theEndOfTheRunIsSaidToWhoWaits() {
        CompletableFuture<Long> sent = meanwhile(() -> send(worker.ticket(0, Right.SEND), 0, 1));
        Awaitility.await().until(() -> worker.endpoints.earlyClients() == 1);
        worker.endpoints.release(FlightWorker.RUN);
        assertThatThrownBy(sent::get).hasMessageContaining("SOL-4105").hasMessageContaining("takes no rows");
        assertThat(worker.endpoints.earlyClients()).isZero();
    }

    @Test
    void waitingEndsInTheEnd() throws Exception {
        try (FlightWorker hasty = new FlightWorker(folder, 20)) {
            Ticket ticket = new Ticket(FlightWorker.signed(hasty.ticket(0, Right.READ)));
            assertThatThrownBy(() -> read(hasty.client.getStream(ticket))).hasMessageContaining("SOL-4105");
        }
    }

    @Test
    void theEmbeddedEngineSaysThatItHasNone() {
        Connectors embedded = new Connectors(Connectors.class.getClassLoader(), null);
        assertThatThrownBy(() -> embedded.sink(FlightSink.create()))
                .isInstanceOf(SolsticeException.class)
                .extracting(thrown -> ((SolsticeException) thrown).code())
                .isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThatThrownBy(() -> embedded.source(FlightSource.of(FlightWorker.NUMBERS)))
                .hasMessageContaining("FlightSource needs a cluster");
    }
}
