package io.solstice.api.cluster;

import io.grpc.Metadata;
import io.grpc.Status;

/** Tells failures that may pass from answers. */
final class CallErrors {
    private static final Metadata.Key<byte[]> ANSWER =
            Metadata.Key.of("solstice-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private CallErrors() {}

    /** Whether the same call may succeed in a moment: the master could not be reached, and has not answered. */
    static boolean mayPass(Throwable thrown) {
        return !isAnswer(thrown) && Status.fromThrowable(thrown).getCode() == Status.Code.UNAVAILABLE;
    }

    /** Whether a broken stream is worth another one: anything but an answer, or a call that the master does not know. */
    static boolean breakMayPass(Throwable thrown) {
        return switch (Status.fromThrowable(thrown).getCode()) {
            case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, NOT_FOUND -> false;
            default -> !isAnswer(thrown);
        };
    }

    static boolean isAnswer(Throwable thrown) {
        Metadata trailers = Status.trailersFromThrowable(thrown);
        return trailers != null && trailers.containsKey(ANSWER);
    }
}
