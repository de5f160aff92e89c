package io.solstice.exchange.flight;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.solstice.common.error.SolsticeError;
import io.solstice.exchange.channel.ChannelId;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a sender, on gRPC's threads. It belongs to no channel until its first message has shown a good ticket,
 * and until then not even a second message is taken.
 */
final class ReceivingCall extends ServerCall.Listener<InputStream> {
    private static final int REQUESTED = 1 << 16;

    private final ServerCall<InputStream, OutgoingFrame> call;
    private final Function<ChannelId, @Nullable ReceivingChannel> channels;
    private final Turns turns = new Turns();
    private @Nullable ReceivingChannel channel;
    private int requested = 1;
    private boolean halfClosed;
    /** Read and written in turns. */
    private boolean closed;

    ReceivingCall(
            ServerCall<InputStream, OutgoingFrame> call, Function<ChannelId, @Nullable ReceivingChannel> channels) {
        this.call = call;
        this.channels = channels;
        call.request(1);
    }

    String peer() {
        SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address == null
                ? "an unknown peer"
                : "sender at " + address.toString().replaceFirst("^/", "");
    }

    @Override
    public void onMessage(InputStream message) {
        ReceivingChannel bound = channel;
        try {
            IncomingFrame frame = IncomingFrame.read(message);
            if (bound == null) {
                open(frame);
            } else {
                bound.take(frame);
            }
        } catch (IOException | RuntimeException malformed) {
            String found = String.valueOf(malformed.getMessage());
            if (bound == null) {
                refuse(ChannelErrors.refused(found));
            } else {
                bound.fail(ChannelErrors.corrupt(bound.id(), peer(), found));
            }
        }
        requested--;
        if (channel != null && requested < REQUESTED / 2) {
            requested += REQUESTED;
            call.request(REQUESTED);
        }
    }

    private void open(IncomingFrame frame) {
        ChannelTicket ticket = ChannelTicket.read(frame.ticket());
        ReceivingChannel wanted = ticket == null ? null : channels.apply(ticket.id());
        if (ticket == null || wanted == null || !ticket.isSignedWith(wanted.secret())) {
            frame.close();
            refuse(ChannelErrors.refused("the ticket is not valid here: it is of another worker or run, or forged"));
        } else if (wanted.bind(this)) {
            channel = wanted;
            wanted.take(frame);
        } else {
            frame.close();
            refuse(ChannelErrors.refused("the ticket has been used: the channel has a stream already"));
        }
    }

    @Override
    public void onHalfClose() {
        halfClosed = true;
        ReceivingChannel bound = channel;
        if (bound == null) {
            refuse(ChannelErrors.refused("the stream ended before it showed a ticket"));
        } else {
            bound.ended();
            finish();
        }
    }

    @Override
    public void onCancel() {
        ReceivingChannel bound = channel;
        if (bound != null && !halfClosed) {
            bound.lost();
        }
    }

    void accept(long credit) {
        turns.take(() -> {
            call.sendHeaders(new Metadata());
            call.sendMessage(FrameWriter.credit(credit));
        });
    }

    void credit(long bytes) {
        answer(FrameWriter.credit(bytes));
    }

    void resumed(long watermark) {
        answer(FrameWriter.resumed(watermark));
    }

    private void answer(OutgoingFrame frame) {
        turns.take(() -> {
            if (!closed) {
                call.sendMessage(frame);
            }
        });
    }

    /** Ends the call because enough has been received. */
    void finish() {
        close(Status.OK, new Metadata());
    }

    void refuse(SolsticeError error) {
        close(ChannelErrors.status(error), ChannelErrors.trailers(error));
    }

    private void close(Status status, Metadata trailers) {
        turns.take(() -> {
            if (!closed) {
                closed = true;
                call.close(status, trailers);
            }
        });
    }
}
