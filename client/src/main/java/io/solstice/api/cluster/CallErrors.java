package io.solstice.api.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.wire.ErrorCodec;

/** What went wrong with a call, as an error that teaches. */
final class CallErrors {
    private static final Metadata.Key<byte[]> TRAILER =
            Metadata.Key.of("solstice-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private CallErrors() {}

    /** Whether the same call may succeed in a moment: the master could not be reached, and has not answered. */
    static boolean mayPass(Throwable thrown) {
        Metadata trailers = Status.trailersFromThrowable(thrown);
        boolean answered = trailers != null && trailers.containsKey(TRAILER);
        return !answered && Status.fromThrowable(thrown).getCode() == Status.Code.UNAVAILABLE;
    }

    /** Whether a broken stream is worth another one: anything but an answer of the master, or a call it does not know. */
    static boolean breakMayPass(Throwable thrown) {
        Metadata trailers = Status.trailersFromThrowable(thrown);
        if (trailers != null && trailers.containsKey(TRAILER)) {
            return false;
        }
        return switch (Status.fromThrowable(thrown).getCode()) {
            case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, NOT_FOUND -> false;
            default -> true;
        };
    }

    static SolsticeException of(Throwable thrown, ClientOptions options) {
        Metadata trailers = Status.trailersFromThrowable(thrown);
        byte[] sent = trailers == null ? null : trailers.get(TRAILER);
        if (sent != null) {
            try {
                return ErrorCodec.fromProto(io.solstice.proto.v1.Error.parseFrom(sent))
                        .toException(thrown);
            } catch (InvalidProtocolBufferException damaged) {
                // the status says what the trailer cannot
            }
        }
        return thrown instanceof StatusRuntimeException failed
                ? of(failed.getStatus(), options).toException(failed)
                : SolsticeException.of(thrown);
    }

    private static SolsticeError of(Status status, ClientOptions options) {
        String cause = cause(status);
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                ErrorCode.MASTER_UNREACHABLE
                        .error("cannot reach the master at " + options.address())
                        .where("--master " + options.address())
                        .cause(cause)
                        .help("start one with bin/start-master, or give the address of a running one with --master or"
                                + " SOLSTICE_MASTER" + tlsHint(options));
            case DEADLINE_EXCEEDED ->
                ErrorCode.TIMED_OUT
                        .error("the master at " + options.address() + " did not answer within "
                                + options.callTimeout().toSeconds() + " s")
                        .help("look at its log; it may be overloaded, or the network in between may be");
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                ErrorCode.CALLER_REFUSED
                        .error("the master at " + options.address() + " refuses this call")
                        .cause(cause)
                        .help("give a valid token with --token or SOLSTICE_TOKEN");
            case UNIMPLEMENTED ->
                ErrorCode.MASTER_UNREACHABLE
                        .error("what listens at " + options.address() + " does not know this call")
                        .cause(cause)
                        .help("check that it is a Solstice master of this version; a worker has another port");
            default ->
                ErrorCode.CALL_FAILED
                        .error("a call to the master at " + options.address() + " failed")
                        .cause(status.getCode() + " " + cause)
                        .help("the master's log says more");
        };
    }

    private static String tlsHint(ClientOptions options) {
        return options.tlsCa() == null ? "; a master that uses TLS needs --tls-ca" : "";
    }

    /** The deepest reason, which for a connection is the operating system's own words. */
    private static String cause(Status status) {
        Throwable beneath = status.getCause();
        while (beneath != null && beneath.getCause() != null) {
            beneath = beneath.getCause();
        }
        String description = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        return beneath == null || beneath.getMessage() == null
                ? description
                : description + ": " + beneath.getMessage();
    }
}
