package io.solstice.worker.flight;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.ticket.FlightTicket;
import io.solstice.common.ticket.FlightTicket.Right;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Answers Flight's calls. Descriptors, criteria and actions carry tickets; without one there is nothing to see. */
final class EndpointProducer extends NoOpFlightProducer {
    /** The action that ends a source's input; its body is a ticket for sending. */
    static final String END = "end";

    private final FlightEndpoints endpoints;
    private final BufferAllocator memory;
    private final StreamThreads threads;

    EndpointProducer(FlightEndpoints endpoints, BufferAllocator memory, StreamThreads threads) {
        this.endpoints = endpoints;
        this.memory = memory;
        this.threads = threads;
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        try {
            return info(descriptor, endpoints.admitted(command(descriptor)));
        } catch (SolsticeException failure) {
            throw status(failure);
        }
    }

    @Override
    public void listFlights(CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
        try {
            byte[] ticket = criteria.getExpression();
            listener.onNext(info(FlightDescriptor.command(ticket), endpoints.admitted(ticket)));
            listener.onCompleted();
        } catch (SolsticeException failure) {
            listener.onError(status(failure));
        }
    }

    private static byte[] command(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            throw FlightTicket.refused("none was shown: it is the command of the descriptor");
        }
        return descriptor.getCommand();
    }

    private FlightInfo info(FlightDescriptor descriptor, FlightTicket ticket) {
        Schema schema = null;
        List<FlightEndpoint> found = new ArrayList<>();
        SortedMap<Integer, ?> here =
                ticket.right() == Right.READ ? endpoints.outputs(ticket) : endpoints.places(ticket);
        for (Integer task : here.keySet()) {
            schema = schema == null ? schemaOf(here.get(task)) : schema;
            found.add(new FlightEndpoint(new Ticket(endpoints.narrowed(ticket, task)), endpoints.location()));
        }
        return FlightInfo.builder(schema, descriptor, found).build();
    }

    private static @Nullable Schema schemaOf(@Nullable Object end) {
        if (end instanceof Output output) {
            return output.schema().get();
        }
        return end instanceof InputPlace place ? place.schema() : null;
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        try {
            FlightTicket shown = endpoints.admitted(ticket.getBytes());
            Room room = new Room();
            room.register(listener);
            threads.executor().execute(() -> produce(shown, room, listener));
        } catch (SolsticeException failure) {
            listener.error(status(failure));
        } catch (RejectedExecutionException busy) {
            listener.error(CallStatus.RESOURCE_EXHAUSTED
                    .withDescription("too many streams at once")
                    .toRuntimeException());
        }
    }

    /** Whether the client takes more; a client that leaves also stops waiting for the log. */
    private static final class Room extends CallbackBackpressureStrategy {
        private volatile @Nullable OutputLog log;

        @Override
        protected void cancelCallback() {
            OutputLog read = log;
            if (read != null) {
                read.wakeReaders();
            }
        }
    }

    private void produce(FlightTicket ticket, Room room, ServerStreamListener listener) {
        try {
            OutputLog log = endpoints.output(ticket).log();
            room.log = log;
            produce(log, room, listener);
        } catch (SolsticeException failure) {
            listener.error(status(failure));
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
            listener.error(ending());
        }
    }

    private static FlightRuntimeException ending() {
        return CallStatus.UNAVAILABLE.withDescription("the worker ends").toRuntimeException();
    }

    private void produce(OutputLog log, Room room, ServerStreamListener listener) {
        try (ArrowStreamReader reader = new ArrowStreamReader(new OutputReader(log, listener::isCancelled), memory)) {
            listener.start(reader.getVectorSchemaRoot());
            while (reader.loadNextBatch()) {
                if (room.waitForListener(0) != WaitResult.READY) {
                    return;
                }
                listener.putNext();
            }
            listener.completed();
        } catch (IOException | RuntimeException failure) {
            if (!listener.isCancelled()) {
                listener.error(CallStatus.UNAVAILABLE
                        .withDescription(failure.getMessage())
                        .withCause(failure)
                        .toRuntimeException());
            }
        }
    }

    @Override
    public Runnable acceptPut(CallContext context, FlightStream stream, StreamListener<PutResult> answers) {
        return () -> {
            try {
                InputPlace place = endpoints.place(endpoints.admitted(command(stream.getDescriptor())));
                long rows = take(stream, place);
                place.streamEnded();
                try (ArrowBuf count = memory.buffer(Long.BYTES)) {
                    count.writeLong(rows);
                    answers.onNext(PutResult.metadata(count));
                }
                answers.onCompleted();
            } catch (SolsticeException failure) {
                throw status(failure);
            } catch (InterruptedException ends) {
                Thread.currentThread().interrupt();
                throw ending();
            }
        };
    }

    private long take(FlightStream stream, InputPlace place) throws InterruptedException {
        checkSchema(stream.getSchema(), place.schema());
        long rows = 0;
        while (stream.next()) {
            Batch batch = Batch.transferFrom(stream.getRoot(), memory);
            rows += batch.rowCount();
            if (!place.put(batch)) {
                throw ErrorCode.JOB_STATE
                        .error("the source takes no more rows")
                        .cause("its input was ended, or its task is over; " + (rows - batch.rowCount())
                                + " rows of this stream were taken before")
                        .toException();
            }
        }
        return rows;
    }

    private static void checkSchema(Schema found, Schema expected) {
        if (!found.getFields().equals(expected.getFields())) {
            throw ErrorCode.TYPE_MISMATCH
                    .error("the rows have other columns than the source takes")
                    .cause("found " + found + ", expected " + expected)
                    .help("send the columns that getFlightInfo shows")
                    .toException();
        }
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
        if (!action.getType().equals(END)) {
            listener.onError(CallStatus.UNIMPLEMENTED
                    .withDescription("no action '" + action.getType() + "'; there is only '" + END + "'")
                    .toRuntimeException());
            return;
        }
        try {
            FlightTicket ticket = endpoints.admitted(action.getBody());
            if (ticket.right() != Right.SEND) {
                throw FlightTicket.refused("it is for reading, not for sending");
            }
            endpoints.places(ticket).values().forEach(InputPlace::end);
            listener.onCompleted();
        } catch (SolsticeException failure) {
            listener.onError(status(failure));
        }
    }

    @Override
    public void listActions(CallContext context, StreamListener<ActionType> listener) {
        listener.onNext(new ActionType(END, "Ends the input of a FlightSource. Body: a ticket for sending."));
        listener.onCompleted();
    }

    /** With the whole error as its text, since plain clients show only that. */
    private static FlightRuntimeException status(SolsticeException failure) {
        CallStatus status = switch (failure.code()) {
            case TICKET_INVALID -> CallStatus.UNAUTHENTICATED;
            case JOB_STATE -> CallStatus.NOT_FOUND;
            default -> CallStatus.INVALID_ARGUMENT;
        };
        return status.withDescription(failure.error().display()).toRuntimeException();
    }
}
