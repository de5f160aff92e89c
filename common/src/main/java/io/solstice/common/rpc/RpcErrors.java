package io.solstice.common.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.proto.v1.Error;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Coded errors as gRPC statuses and back. The status says {@code SOL-nnnn: what}, for tools that know nothing of us;
 * the whole error is in the trailer {@code solstice-error-bin}.
 */
public final class RpcErrors {
    static final Metadata.Key<Error> TRAILER =
            Metadata.Key.of("solstice-error-bin", ProtoUtils.metadataMarshaller(Error.getDefaultInstance()));
    /** Clients other than ours accept 8 KiB of trailers in all. */
    private static final int LONGEST_PART = 1000;

    private RpcErrors() {}

    /** The status of an error; the error itself goes into the trailers. */
    static Status encode(SolsticeError error, Metadata trailers) {
        SolsticeError shown = new SolsticeError(
                error.code(),
                clipped(error.what()),
                clipped(error.where()),
                clipped(error.cause()),
                clipped(error.help()));
        trailers.put(TRAILER, ErrorCodec.toProto(shown));
        return status(error.code()).withDescription(error.code().code() + ": " + shown.what());
    }

    private static String clipped(String text) {
        return text.length() <= LONGEST_PART ? text : text.substring(0, LONGEST_PART - 1) + "…";
    }

    private static Status status(ErrorCode code) {
        return switch (code) {
            case JOB_UNKNOWN, WORKER_UNKNOWN -> Status.NOT_FOUND;
            case JOB_EXISTS, WORKER_EXISTS -> Status.ALREADY_EXISTS;
            case JOB_STATE, ENGINE_CLOSED, CLUSTER_MISMATCH -> Status.FAILED_PRECONDITION;
            case CALLER_REFUSED -> Status.UNAUTHENTICATED;
            case NOT_SUPPORTED -> Status.UNIMPLEMENTED;
            case TIMED_OUT -> Status.DEADLINE_EXCEEDED;
            default ->
                switch (code.kind()) {
                    case USER -> Status.INVALID_ARGUMENT;
                    case CAPACITY -> Status.RESOURCE_EXHAUSTED;
                    case EXTERNAL -> Status.UNAVAILABLE;
                    case SYSTEM -> Status.INTERNAL;
                };
        };
    }

    /**
     * What went wrong with a call, as the server coded it, else as well as it can be told from outside.
     *
     * @param server who was called, for messages: {@code master at host:port}
     */
    public static SolsticeException decode(Throwable thrown, String server) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SolsticeException coded) {
                return coded;
            }
            if (t instanceof StatusRuntimeException failed) {
                return decode(failed.getStatus(), failed.getTrailers(), server, thrown);
            }
            if (t instanceof StatusException failed) {
                return decode(failed.getStatus(), failed.getTrailers(), server, thrown);
            }
        }
        return SolsticeException.of(thrown);
    }

    private static SolsticeException decode(
            Status status, @Nullable Metadata trailers, String server, Throwable thrown) {
        Error coded = trailers == null ? null : trailers.get(TRAILER);
        SolsticeError error = coded == null ? uncoded(status, server) : ErrorCodec.fromProto(coded);
        return error.toException(thrown);
    }

    private static SolsticeError uncoded(Status status, String server) {
        String description = Optional.ofNullable(status.getDescription()).orElse("no reason given");
        return switch (status.getCode()) {
            case UNAVAILABLE -> unreachable(status, server, description);
            case DEADLINE_EXCEEDED ->
                ErrorCode.TIMED_OUT
                        .error("the " + server + " did not answer in time")
                        .cause(description)
                        .help("is it overloaded or paused? a longer time-out may do");
            case RESOURCE_EXHAUSTED ->
                ErrorCode.MESSAGE_TOO_LARGE
                        .error("a message from or to the " + server + " is too large")
                        .cause(description)
                        .help("raise message_limit in conf/master.yaml or conf/worker.yaml, or send less at once");
            case UNIMPLEMENTED ->
                ErrorCode.CLUSTER_MISMATCH
                        .error("the " + server + " does not know this call")
                        .cause(description)
                        .help("run the same version of Solstice on both sides, and check the port");
            default ->
                ErrorCode.CALL_FAILED
                        .error("the call to the " + server + " failed")
                        .cause(status.getCode() + ": " + description);
        };
    }

    private static SolsticeError unreachable(Status status, String server, String description) {
        SolsticeError error = ErrorCode.MASTER_UNREACHABLE.error("the " + server + " cannot be reached");
        Throwable root = status.getCause();
        for (Throwable t = root; t != null; t = t.getCause()) {
            root = t;
            if (t instanceof SSLException) {
                return error.cause("TLS: " + t.getMessage())
                        .help("compare tls_ca and the certificates of both sides; the server's must name its host");
            }
        }
        String cause = root == null ? description : root.getMessage() + " (" + description + ")";
        return error.cause(cause)
                .help("is it running, at this address and port? does one side use TLS and the other not?");
    }
}
