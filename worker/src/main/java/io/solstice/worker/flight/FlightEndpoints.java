package io.solstice.worker.flight;

import io.grpc.BindableService;
import io.solstice.api.sink.FlightSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.source.FlightSource;
import io.solstice.api.source.Source;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.ticket.FlightTicket;
import io.solstice.common.ticket.FlightTicket.Right;
import io.solstice.common.ticket.RunSecret;
import io.solstice.worker.builtin.FlightConnectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one worker process offers to plain Flight clients. Runs are admitted with their secret before their tasks
 * start; after a run's release its finished outputs stay as long as their sinks say. Any thread may call it.
 */
public final class FlightEndpoints implements FlightConnectors, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlightEndpoints.class);

    private static final long EARLY_CLIENT_MILLIS = 10_000;

    private final BufferAllocator memory;
    private final Path folder;
    private final Clock clock;
    private final Supplier<Location> location;
    private final StreamThreads threads = new StreamThreads();
    private final ConcurrentHashMap<RunId, Admission> runs = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<JobId, RunId> current = new ConcurrentHashMap<>();
    private final Openings<Output> outputs;
    private final Openings<InputPlace> places;

    private record Admission(RunSecret secret, boolean released) {}

    /**
     * @param allocator the process's memory; streams that are read or sent have theirs there
     * @param folder of the worker's own, for outputs that do not fit into memory
     * @param location where clients reach this worker
     */
    public FlightEndpoints(BufferAllocator allocator, Path folder, Clock clock, Supplier<Location> location) {
        this(allocator, folder, clock, location, EARLY_CLIENT_MILLIS);
    }

    /** @param patienceMillis how long a client waits that comes before the task has opened */
    FlightEndpoints(
            BufferAllocator allocator, Path folder, Clock clock, Supplier<Location> location, long patienceMillis) {
        this.memory = allocator.newChildAllocator("flight clients", 0, Long.MAX_VALUE);
        this.folder = folder;
        this.clock = clock;
        this.location = location;
        this.outputs = new Openings<>(patienceMillis);
        this.places = new Openings<>(patienceMillis);
    }

    /** For the process's gRPC server, which checks who calls. */
    @SuppressWarnings("deprecation") // the handler that checks nobody is of a deprecated type
    public BindableService service() {
        return FlightGrpcUtils.createFlightService(
                memory, new EndpointProducer(this, memory, threads), ServerAuthHandler.NO_OP, threads.executor());
    }

    @Override
    public void admit(RunId run, String secret) {
        prune();
        runs.put(run, new Admission(new RunSecret(secret), false));
        current.put(run.job(), run);
    }

    @Override
    public void release(RunId run) {
        runs.computeIfPresent(run, (id, known) -> new Admission(known.secret(), true));
        current.remove(run.job(), run);
        outputs.giveUp(run);
        places.giveUp(run);
        places.removeIf((address, place) -> address.run().equals(run));
        prune();
    }

    @Override
    public Source source(FlightSource definition) {
        return new InputSource(
                definition,
                (context, place) ->
                        places.open(address(context.jobId(), context.stageId(), context.taskIndex()), place));
    }

    @Override
    public Sink sink(FlightSink definition) {
        return new OutputSink(context -> {
            prune();
            Output output = new Output(new OutputLog(folder, definition.bufferBytes()), clock, definition.keep());
            outputs.open(address(context), output);
            return output;
        });
    }

    private Openings.Address address(SinkContext context) {
        return address(context.jobId(), context.stageId(), context.taskIndex());
    }

    private Openings.Address address(String job, String stage, int task) {
        RunId run = current.get(new JobId(job));
        if (run == null) {
            throw new IllegalStateException("job " + job + " has not been admitted");
        }
        return new Openings.Address(run, new StageId(stage), task);
    }

    /** The ticket that a client showed. */
    FlightTicket admitted(byte[] ticket) {
        prune();
        return FlightTicket.verify(ticket, this::secret, clock.wallMillis());
    }

    private @Nullable RunSecret secret(RunId run) {
        Admission known = runs.get(run);
        return known == null ? null : known.secret();
    }

    /** A ticket for one task of those that the given one is good for. */
    byte[] narrowed(FlightTicket ticket, int task) {
        RunSecret secret = secret(ticket.run());
        if (secret == null) {
            throw FlightTicket.refused("its run is not here any more");
        }
        return ticket.of(task).sign(secret);
    }

    Location location() {
        return location.get();
    }

    /** The one output that the ticket is good for; waits for the task to open it. */
    Output output(FlightTicket ticket) throws InterruptedException {
        if (ticket.right() != Right.READ) {
            throw FlightTicket.refused("it is for sending, not for reading");
        }
        Output output = outputs.await(address(ticket), () -> isHeld(ticket.run()));
        if (output == null) {
            throw nothing("no output of " + where(ticket) + " is kept on this worker");
        }
        return output;
    }

    /** The one place that the ticket is good for; waits for the task to open it. */
    InputPlace place(FlightTicket ticket) throws InterruptedException {
        if (ticket.right() != Right.SEND) {
            throw FlightTicket.refused("it is for reading, not for sending");
        }
        InputPlace place = places.await(address(ticket), () -> isHeld(ticket.run()));
        if (place == null || place.isClosed()) {
            throw nothing(where(ticket) + " takes no rows on this worker");
        }
        return place;
    }

    private static Openings.Address address(FlightTicket ticket) {
        return new Openings.Address(ticket.run(), ticket.stage(), ticket.task());
    }

    private boolean isHeld(RunId run) {
        Admission known = runs.get(run);
        return known != null && !known.released();
    }

    /** How many addresses clients wait for. */
    long earlyClients() {
        return outputs.awaited() + places.awaited();
    }

    private static RuntimeException nothing(String what) {
        return ErrorCode.JOB_STATE
                .error(what)
                .cause("the task is not there yet, is over, or is on another worker")
                .help("ask the master where the stage's tasks are")
                .toException();
    }

    private static String where(FlightTicket ticket) {
        return "job " + ticket.run() + ", stage '" + ticket.stage() + "', task " + ticket.task();
    }

    /** By task, the outputs here that the ticket is good for. */
    SortedMap<Integer, Output> outputs(FlightTicket ticket) {
        return chosen(outputs, ticket);
    }

    /** By index, the places here that the ticket is good for. */
    SortedMap<Integer, InputPlace> places(FlightTicket ticket) {
        SortedMap<Integer, InputPlace> open = chosen(places, ticket);
        open.values().removeIf(InputPlace::isClosed);
        return open;
    }

    private static <T> SortedMap<Integer, T> chosen(Openings<T> all, FlightTicket ticket) {
        SortedMap<Integer, T> chosen = new TreeMap<>();
        all.forEach((address, each) -> {
            boolean wanted = ticket.task() == FlightTicket.ALL || ticket.task() == address.task();
            if (wanted && address.run().equals(ticket.run()) && address.stage().equals(ticket.stage())) {
                chosen.put(address.task(), each);
            }
        });
        return chosen;
    }

    /** Removes outputs whose time is over, and forgets runs of which nothing is left. */
    private void prune() {
        outputs.removeIf((address, output) -> {
            boolean over = output.isOver();
            if (over) {
                remove(output);
            }
            return over;
        });
        runs.entrySet().removeIf(run -> run.getValue().released() && !outputs.holdsAnyOf(run.getKey()));
    }

    private static void remove(Output output) {
        try {
            output.log().close();
        } catch (IOException failure) {
            LOG.warn("an old output may have stayed on the disk: {}", failure.toString());
        }
    }

    /** Ends all streams and removes all outputs. The process's server must have been shut down. */
    @Override
    public void close() {
        places.forEach((address, place) -> place.close());
        outputs.removeIf((address, output) -> {
            remove(output);
            return true;
        });
        threads.close();
        memory.close();
    }
}
