package io.solstice.exchange.flight;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How gRPC must be set up at both ends for the exchange; security is added by whoever makes the server and clients. */
public final class FlightTransport {
    /** The largest message: a batch and its header. */
    public static final int MAX_MESSAGE_BYTES = 256 << 20;

    /** Credit bounds what is on the way; this only must not slow it down. */
    private static final int WINDOW_BYTES = 8 << 20;

    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int LEAST_KEEP_ALIVE_SECONDS = 5;

    private FlightTransport() {}

    /** Channels' calls are answered on the network's own threads, since they only hand over. */
    public static NettyServerBuilder tune(NettyServerBuilder server) {
        return server.callExecutor(new ServerCallExecutorSupplier() {
                    @Override
                    public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
                        return ExchangeMethod.isCalledBy(call) ? Runnable::run : null;
                    }
                })
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .flowControlWindow(WINDOW_BYTES)
                .permitKeepAliveTime(LEAST_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    }

    /** A lost call is the channel's to report, so gRPC must not keep and repeat messages. */
    public static NettyChannelBuilder tune(NettyChannelBuilder client) {
        return client.flowControlWindow(WINDOW_BYTES)
                .disableRetry()
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    }
}
