package io.solstice.exchange.flight;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.solstice.common.error.SolsticeError;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import io.solstice.exchange.flight.FrameMeta.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sender's end. The sending task's thread writes into the call directly; it has room as long as the receiver has
 * given credit. Credit, failure and the receiver's early end come on gRPC's threads and are only noted there.
 */
final class SendingChannel implements Channel {
    private final ChannelId id;
    private final String peer;
    private final byte[] ticket;
    private final Supplier<ClientCall<OutgoingFrame, InputStream>> connect;
    private final FrameWriter writer;
    private final Runnable wakeSender;
    private final AtomicLong credit = new AtomicLong();
    private volatile @Nullable ClientCall<OutgoingFrame, InputStream> call;
    private volatile @Nullable SolsticeError failure;
    private volatile boolean dropping;
    /** The first credit. */
    private volatile long budget;

    /** Written by gRPC's threads, one at a time. */
    private volatile Resumed resumed = Resumed.NEVER;

    private boolean ended;

    /**
     * @param connect makes the call when the task first looks for room, so that no receiver is asked too early
     * @param memory holds batches until they have been written
     */
    SendingChannel(
            ChannelId id,
            String peer,
            byte[] ticket,
            Supplier<ClientCall<OutgoingFrame, InputStream>> connect,
            WireMemory memory,
            Runnable wakeSender) {
        this.id = id;
        this.peer = peer;
        this.ticket = ticket;
        this.connect = connect;
        this.writer = new FrameWriter(memory);
        this.wakeSender = wakeSender;
    }

    @Override
    public boolean offer(StreamElement element) {
        if (dropping) {
            element.discard();
            return true;
        }
        ClientCall<OutgoingFrame, InputStream> open = open();
        SolsticeError error = failure;
        if (error != null) {
            throw error.toException();
        }
        if (ended) {
            throw new IllegalStateException(element + " was sent after the end of input");
        }
        if (element instanceof Batch batch) {
            return sendBatch(open, batch);
        }
        send(open, signal(element));
        if (element instanceof EndOfInput) {
            ended = true;
            ifOpen(open::halfClose);
        }
        return true;
    }

    private OutgoingFrame signal(StreamElement element) {
        if (element instanceof Watermark watermark) {
            return writer.signal(Kind.WATERMARK, watermark.micros());
        }
        if (element instanceof Barrier barrier) {
            return writer.barrier(barrier);
        }
        return writer.signal(element instanceof Idle ? Kind.IDLE : Kind.END, 0);
    }

    private boolean sendBatch(ClientCall<OutgoingFrame, InputStream> open, Batch batch) {
        if (credit.get() <= 0) {
            return false;
        }
        OutgoingFrame schema = writer.schemaFor(batch);
        FrameWriter.BatchFrame columns = writer.batch(batch);
        batch.close();
        if (schema != null) {
            send(open, schema);
        }
        credit.addAndGet(-columns.bytes());
        send(open, columns.frame());
        return true;
    }

    private void send(ClientCall<OutgoingFrame, InputStream> open, OutgoingFrame frame) {
        try {
            ifOpen(() -> open.sendMessage(frame));
        } finally {
            frame.release();
        }
    }

    /** A call that somebody else has cancelled says so by an exception. */
    private void ifOpen(Runnable action) {
        try {
            action.run();
        } catch (IllegalStateException cancelled) {
            if (!dropping) {
                throw cancelled;
            }
        }
    }

    private ClientCall<OutgoingFrame, InputStream> open() {
        ClientCall<OutgoingFrame, InputStream> known = call;
        if (known != null) {
            return known;
        }
        ClientCall<OutgoingFrame, InputStream> open = connect.get();
        open.start(new Answers(open), new Metadata());
        open.request(1);
        open.sendMessage(writer.open(ticket));
        call = open;
        if (dropping) {
            open.cancel("the sender is over", null);
        }
        return open;
    }

    @Override
    public long room() {
        if (dropping || failure != null) {
            // Whoever sends is told, or rid of it.
            return Math.max(1, budget);
        }
        open();
        return credit.get();
    }

    @Override
    public void limit(long bytes) {
        throw new UnsupportedOperationException("the sender's end of " + id);
    }

    @Override
    public void resume(long watermark) {
        throw new UnsupportedOperationException("the sender's end of " + id);
    }

    @Override
    public Resumed resumed() {
        return resumed;
    }

    @Override
    public @Nullable StreamElement poll() {
        throw new UnsupportedOperationException("the sender's end of " + id);
    }

    @Override
    public long polledBytes() {
        throw new UnsupportedOperationException("the sender's end of " + id);
    }

    boolean isConnected() {
        return call != null;
    }

    /** The sender has nothing more to say, not even that its input ended. */
    @Override
    public void abandon() {
        dropping = true;
        ClientCall<OutgoingFrame, InputStream> open = call;
        if (open != null) {
            open.cancel("the sender is over", null);
        }
        wakeSender.run();
    }

    /** What comes back. On gRPC's threads, one at a time. */
    private final class Answers extends ClientCall.Listener<InputStream> {
        private final ClientCall<OutgoingFrame, InputStream> open;

        Answers(ClientCall<OutgoingFrame, InputStream> open) {
            this.open = open;
        }

        @Override
        public void onMessage(InputStream message) {
            try (IncomingFrame frame = IncomingFrame.read(message)) {
                FrameMeta meta = frame.meta();
                FrameReader.check(meta, meta.sum());
                if (meta.kind() == Kind.RESUMED) {
                    resumed = resumed.again(meta.value());
                } else {
                    give(meta.value());
                }
                open.request(1);
            } catch (IOException malformed) {
                fail(ChannelErrors.corrupt(id, peer, String.valueOf(malformed.getMessage())));
                open.cancel("the receiver's answer was damaged", malformed);
            }
        }

        private void give(long bytes) {
            if (budget == 0) {
                budget = bytes;
            }
            long before = credit.getAndAdd(bytes);
            if (before <= 0 && before + bytes > 0) {
                wakeSender.run();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                // The receiver wants no more, or has had everything.
                dropping = true;
                wakeSender.run();
            } else if (!dropping) {
                fail(ChannelErrors.of(id, peer, status, trailers));
            }
        }

        private void fail(SolsticeError error) {
            if (failure == null) {
                failure = error;
            }
            wakeSender.run();
        }
    }
}
