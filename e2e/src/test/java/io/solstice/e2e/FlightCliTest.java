package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.config.Config;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.FlightSink;
import io.solstice.api.source.FlightSource;
import io.solstice.api.source.GeneratorSource;
import io.solstice.proto.v1.FlightTicket;
import io.solstice.proto.v1.GetFlightTicketsRequest;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output and input of jobs on a cluster of processes, as a plain Arrow Flight client sees them. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlightCliTest {
    private static final Schema NUMBERS =
            new Schema(List.of(new Field("number", FieldType.nullable(new ArrowType.Int(64, true)), null)));

    @TempDir
    static Path folder;

    private final BufferAllocator memory = new RootAllocator();
    private LiveCluster cluster;

    /** Its code travels as the packed folder of this test's classes. */
    public static final class Offered implements Workflow {
        record Number(long number) {}

        record Square(long number, long square) {}

        @Override
        public Job createJob(JobContext context) {
            GeneratorSource numbers = GeneratorSource.numbers(
                            1, context.config().positive("rows", 1))
                    .splits(2)
                    .rowsPerSecond(context.config().number("rate", 0));
            return new Job(context)
                    .addStage(Stage.of("numbers", numbers).parallelism(2))
                    .addStage(
                            Stage.of(
                                            "squares",
                                            MapOperator.records(
                                                    Number.class,
                                                    Square.class,
                                                    n -> new Square(n.number(), n.number() * n.number())))
                                    .parallelism(2),
                            "numbers")
                    .addStage(Stage.of("out", FlightSink.create()).parallelism(2), "squares");
        }
    }

    /** Takes two streams in all, one at each of two places. */
    public static final class Taken implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            return new Job(context)
                    .addStage(Stage.of("in", FlightSource.of(NUMBERS).places(2).streams(1))
                            .parallelism(2))
                    .addStage(Stage.of("out", FileSink.json(context.config().required("output"))), "in");
        }
    }

    @BeforeAll
    void start() throws IOException {
        cluster = new LiveCluster(folder);
        cluster.startAll("ada", "bob");
    }

    @AfterAll
    void stop() {
        cluster.close();
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private void submit(Class<? extends Workflow> workflow, String id, Config config) {
        try (SolsticeClient client = cluster.client()) {
            client.submit(workflow, JobContext.of(id).withConfig(config));
        }
        await().atMost(ForegroundDaemon.LIMIT)
                .until(() -> cluster.describe(id).getJob().getState().compareTo(JobState.RUNNING) >= 0);
    }

    private List<FlightTicket> tickets(String job, String stage) {
        GetFlightTicketsRequest asked = GetFlightTicketsRequest.newBuilder()
                .setJobId(job)
                .setStageId(stage)
                .build();
        return cluster.rpc()
                .call(() ->
                        JobServiceGrpc.newBlockingStub(cluster.rpc().channel()).getFlightTickets(asked))
                .getTicketsList();
    }

    private FlightClient clientOf(FlightTicket ticket) {
        return FlightClient.builder(
                        memory,
                        Location.forGrpcInsecure(
                                ticket.getEndpoint().getHost(),
                                ticket.getEndpoint().getPort()))
                .build();
    }

    private List<Long> numbers(FlightTicket ticket, boolean onlyFirst) throws Exception {
        List<Long> numbers = new ArrayList<>();
        try (FlightClient client = clientOf(ticket);
                FlightStream stream =
                        client.getStream(new Ticket(ticket.getTicket().toByteArray()))) {
            assertThat(stream.getSchema().getFields())
                    .extracting(Field::getName)
                    .containsExactly("number", "square");
            while (stream.next()) {
                BigIntVector number = (BigIntVector) stream.getRoot().getVector("number");
                BigIntVector square = (BigIntVector) stream.getRoot().getVector("square");
                for (int i = 0; i < stream.getRoot().getRowCount(); i++) {
                    assertThat(square.get(i)).isEqualTo(number.get(i) * number.get(i));
                    numbers.add(number.get(i));
                }
                if (onlyFirst) {
                    stream.cancel("seen enough", null);
                    break;
                }
            }
        }
        return numbers;
    }

    private List<Long> all(List<FlightTicket> tickets) throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (FlightTicket ticket : tickets) {
            numbers.addAll(numbers(ticket, false));
        }
        return numbers;
    }

    private static List<Long> oneTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void outputIsReadWhileTheJobRunsAndAfterItHasFinished() throws Exception {
        submit(Offered.class, "offered", Config.EMPTY.with("rows", 1000).with("rate", 200));
        List<FlightTicket> tickets = tickets("offered", "out");
        assertThat(tickets).hasSize(2);
        assertThat(tickets.stream().map(FlightTicket::getEndpoint).distinct())
                .as("a task on each worker")
                .hasSize(2);
        // A task that begins a little later may find that the other was given all that there is to read.
        List<Long> first = numbers(tickets.get(0), true);
        assertThat(first.isEmpty() ? numbers(tickets.get(1), true) : first).isNotEmpty();
        assertThat(cluster.describe("offered").getJob().getState()).isEqualTo(JobState.RUNNING);
        // follows the job to its end
        assertThat(all(tickets)).containsExactlyInAnyOrderElementsOf(oneTo(1000));

        cluster.awaitState("offered", JobState.FINISHED);
        assertThat(all(tickets("offered", "out"))).containsExactlyInAnyOrderElementsOf(oneTo(1000));
    }

    private long send(FlightTicket ticket, long from, int rows) throws Exception {
        try (FlightClient client = clientOf(ticket);
                VectorSchemaRoot root = VectorSchemaRoot.create(NUMBERS, memory);
                SyncPutListener answers = new SyncPutListener()) {
            FlightClient.ClientStreamListener stream =
                    client.startPut(FlightDescriptor.command(ticket.getTicket().toByteArray()), root, answers);
            BigIntVector vector = (BigIntVector) root.getVector("number");
            vector.allocateNew(rows);
            for (int i = 0; i < rows; i++) {
                vector.set(i, from + i);
            }
            root.setRowCount(rows);
            stream.putNext();
            stream.completed();
            try (PutResult taken = answers.poll(ForegroundDaemon.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return taken.getApplicationMetadata().getLong(0);
            } finally {
                answers.getResult();
            }
        }
    }

    @Test
    void rowsThatAreSentArriveInTheFile() throws Exception {
        Path output = folder.resolve("sent.json");
        submit(Taken.class, "taken", Config.EMPTY.with("output", output.toString()));
        List<FlightTicket> tickets = tickets("taken", "in");
        assertThat(tickets).hasSize(2);
        assertThat(send(tickets.get(0), 1, 60)).isEqualTo(60);
        assertThat(send(tickets.get(1), 61, 40)).isEqualTo(40);
        cluster.awaitState("taken", JobState.FINISHED);
        assertThat(Files.readAllLines(output))
                .containsExactlyInAnyOrderElementsOf(
                        oneTo(100).stream().map("{\"number\":%d}"::formatted).toList());
    }

    @Test
    void whatTheMasterDidNotSignOpensNothing() throws Exception {
        submit(Offered.class, "guarded", Config.EMPTY.with("rows", 10));
        FlightTicket good = tickets("guarded", "out").get(0);
        byte[] forged = good.getTicket().toByteArray();
        forged[forged.length - 1] ^= 1;
        try (FlightClient client = clientOf(good)) {
            for (byte[] bad : List.of(forged, new byte[0])) {
                assertThatThrownBy(() -> {
                            try (FlightStream stream = client.getStream(new Ticket(bad))) {
                                stream.next();
                            }
                        })
                        .isInstanceOf(FlightRuntimeException.class)
                        .hasMessageContaining("SOL-3108")
                        .extracting(thrown ->
                                ((FlightRuntimeException) thrown).status().code())
                        .isEqualTo(FlightStatusCode.UNAUTHENTICATED);
            }
        }
        assertThatThrownBy(() -> tickets("guarded", "squares")).hasMessageContaining("cannot be reached over Flight");
    }
}
