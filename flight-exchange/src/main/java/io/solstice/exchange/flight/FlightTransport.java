package io.solstice.exchange.flight;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.util.concurrent.TimeUnit;

/** How gRPC must be set up at both ends for the exchange; security is added by whoever makes the server and clients. */
public final class FlightTransport {
    /** The largest message: a batch and its header. */
    public static final int MAX_MESSAGE_BYTES = 256 << 20;

    /** Credit bounds what is on the way; this only must not slow it down. */
    private static final int WINDOW_BYTES = 8 << 20;

    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int LEAST_KEEP_ALIVE_SECONDS = 5;

    private FlightTransport() {}

    public static NettyServerBuilder tune(NettyServerBuilder server) {
        return server.maxInboundMessageSize(MAX_MESSAGE_BYTES)
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
