package io.solstice.exchange.flight;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import java.io.InputStream;
import org.apache.arrow.flight.impl.FlightServiceGrpc;

/**
 * Flight's {@code DoExchange}, with messages taken and given as they lie in memory. Arrow's own binding copies each
 * message twice on its way in, and wants a thread for each stream.
 */
final class ExchangeMethod {
    private static final Marshaller<OutgoingFrame> OUT = new Marshaller<>() {
        @Override
        public InputStream stream(OutgoingFrame frame) {
            return frame.open();
        }

        @Override
        public OutgoingFrame parse(InputStream stream) {
            throw new UnsupportedOperationException("frames out are not read");
        }
    };

    private static final Marshaller<InputStream> IN = new Marshaller<>() {
        @Override
        public InputStream stream(InputStream message) {
            throw new UnsupportedOperationException("frames in are not written");
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    };

    static final MethodDescriptor<OutgoingFrame, InputStream> SENDING = method(OUT, IN);
    static final MethodDescriptor<InputStream, OutgoingFrame> RECEIVING = method(IN, OUT);

    private ExchangeMethod() {}

    static boolean isCalledBy(ServerCall<?, ?> call) {
        return call.getMethodDescriptor().getFullMethodName().equals(RECEIVING.getFullMethodName());
    }

    private static <Q, A> MethodDescriptor<Q, A> method(Marshaller<Q> requests, Marshaller<A> answers) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName(FlightServiceGrpc.getDoExchangeMethod().getFullMethodName())
                .setSchemaDescriptor(FlightServiceGrpc.getDoExchangeMethod().getSchemaDescriptor())
                .setSampledToLocalTracing(false)
                .setRequestMarshaller(requests)
                .setResponseMarshaller(answers)
                .build();
    }
}
