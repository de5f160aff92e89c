package io.solstice.exchange.flight;

import io.grpc.Metadata;
import io.grpc.Status;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.exchange.channel.ChannelId;
import org.jspecify.annotations.Nullable;

/** The ways in which a channel ends badly, and how one end tells the other. */
final class ChannelErrors {
    private static final Metadata.Key<String> CODE = Metadata.Key.of("solstice-code", Metadata.ASCII_STRING_MARSHALLER);

    private ChannelErrors() {}

    static SolsticeError lost(ChannelId id, String peer, String cause) {
        return ErrorCode.EXCHANGE_LOST
                .error("the connection between two workers broke")
                .where("channel " + id + ", " + peer)
                .cause(cause)
                .help("see the log of the worker at the other end; the job can be run again");
    }

    static SolsticeError corrupt(ChannelId id, String peer, String found) {
        return ErrorCode.EXCHANGE_CORRUPT
                .error("what came over the network is not what was sent")
                .where("channel " + id + ", " + peer)
                .cause(found)
                .help("run the job again; if it happens again, look for a bad network card or memory");
    }

    static SolsticeError refused(String found) {
        return ErrorCode.TICKET_INVALID
                .error("the receiving worker refused a stream")
                .cause(found)
                .help("tickets are good for one stream of one run; run the job again");
    }

    /** How the receiver closes a call. */
    static Status status(SolsticeError error) {
        Status status = switch (error.code()) {
            case TICKET_INVALID -> Status.UNAUTHENTICATED;
            case EXCHANGE_CORRUPT -> Status.DATA_LOSS;
            default -> Status.ABORTED;
        };
        return status.withDescription(error.cause());
    }

    static Metadata trailers(SolsticeError error) {
        Metadata trailers = new Metadata();
        trailers.put(CODE, error.code().code());
        return trailers;
    }

    /** What the sender makes of it. */
    static SolsticeError of(ChannelId id, String peer, Status status, Metadata trailers) {
        String code = trailers.get(CODE);
        String cause = description(status);
        if (ErrorCode.EXCHANGE_CORRUPT.code().equals(code)) {
            return corrupt(id, peer, cause);
        }
        if (ErrorCode.TICKET_INVALID.code().equals(code)) {
            return refused(cause).where("channel " + id + ", " + peer);
        }
        return lost(id, peer, cause);
    }

    private static String description(Status status) {
        String text = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        Throwable beneath = status.getCause();
        return beneath == null ? text : text + ": " + root(beneath);
    }

    private static @Nullable String root(Throwable beneath) {
        Throwable root = beneath;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
