package io.solstice.api.cluster;

import io.grpc.Metadata;
import io.grpc.Status;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.rpc.RpcErrors;

/** Tells failures that may pass from answers. */
final class CallErrors {
    private static final Metadata.Key<byte[]> ANSWER =
            Metadata.Key.of("solstice-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private CallErrors() {}

    /** Whether the same call may succeed in a moment, or elsewhere: no master was reached, or none that leads. */
    static boolean mayPass(Throwable thrown) {
        return isStandby(thrown)
                || !isAnswer(thrown) && Status.fromThrowable(thrown).getCode() == Status.Code.UNAVAILABLE;
    }

    /** Whether nothing at all came back in time. */
    static boolean isSilence(Throwable thrown) {
        return !isAnswer(thrown) && Status.fromThrowable(thrown).getCode() == Status.Code.DEADLINE_EXCEEDED;
    }

    /** Whether a broken stream is worth another one: anything but an answer, or a call that the master does not know. */
    static boolean breakMayPass(Throwable thrown) {
        return switch (Status.fromThrowable(thrown).getCode()) {
            case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, NOT_FOUND -> false;
            default -> isStandby(thrown) || !isAnswer(thrown);
        };
    }

    /** Whether a master answered that another one leads. */
    static boolean isStandby(Throwable thrown) {
        return isAnswer(thrown) && RpcErrors.decode(thrown, "master").code() == ErrorCode.NOT_LEADER;
    }

    static boolean isAnswer(Throwable thrown) {
        Metadata trailers = Status.trailersFromThrowable(thrown);
        return trailers != null && trailers.containsKey(ANSWER);
    }
}
