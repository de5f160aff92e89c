package io.solstice.common.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a service throws, or ends a call with, into a status that says what went wrong. */
final class ErrorReplies implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorReplies.class);

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Reply<Q, R> reply = new Reply<>(call);
        try {
            return new Guard<>(next.startCall(reply, headers), reply);
        } catch (RuntimeException thrown) {
            reply.fail(thrown);
            return new ServerCall.Listener<>() {};
        }
    }

    /** A call's answers; the first end wins, since a service may fail on one thread while it answers on another. */
    private static final class Reply<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final AtomicBoolean ended = new AtomicBoolean();

        Reply(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (ended.compareAndSet(false, true)) {
                Throwable cause = status.getCause();
                boolean uncoded = status.getCode() == Status.Code.UNKNOWN || cause instanceof SolsticeException;
                super.close(cause != null && uncoded ? encode(cause, trailers) : status, trailers);
            }
        }

        void fail(Throwable thrown) {
            if (ended.compareAndSet(false, true)) {
                Metadata trailers = new Metadata();
                super.close(encode(thrown, trailers), trailers);
            }
        }

        private Status encode(Throwable thrown, Metadata trailers) {
            if (thrown instanceof StatusRuntimeException status) {
                return status.getStatus();
            }
            if (thrown instanceof StatusException status) {
                return status.getStatus();
            }
            SolsticeException error = SolsticeException.of(thrown);
            if (error.code() == ErrorCode.INTERNAL) {
                LOG.error("{} failed", getMethodDescriptor().getFullMethodName(), thrown);
            }
            return RpcErrors.encode(error.error(), trailers);
        }
    }

    /** What the service does when something arrives. */
    private static final class Guard<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Reply<Q, ?> reply;

        Guard(ServerCall.Listener<Q> listener, Reply<Q, ?> reply) {
            super(listener);
            this.reply = reply;
        }

        @Override
        public void onMessage(Q message) {
            guarded(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guarded(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guarded(super::onReady);
        }

        private void guarded(Runnable step) {
            if (reply.ended.get()) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException thrown) {
                reply.fail(thrown);
            }
        }
    }
}
