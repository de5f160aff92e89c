package io.solstice.common.rpc;

import java.time.Duration;

/**
 * What one caller may cost. How deeply messages nest is limited by protobuf itself, to 100.
 *
 * @param messageBytes the largest message that is accepted
 * @param metadataBytes all headers or trailers of a call together
 * @param callsPerConnection calls that are open at the same time
 * @param resetsPerMinute calls that a connection may break off before it is closed
 * @param keepalive how often an idle peer is asked whether it is still there
 * @param keepaliveTimeout how long it may take to answer
 * @param connectionAge after which new calls need a new connection; those under way go on
 */
public record RpcLimits(
        int messageBytes,
        int metadataBytes,
        int callsPerConnection,
        int resetsPerMinute,
        Duration keepalive,
        Duration keepaliveTimeout,
        Duration connectionAge) {

    /** The same with another number of calls that a connection may have open at the same time. */
    public RpcLimits withCalls(int most) {
        return new RpcLimits(
                messageBytes, metadataBytes, most, resetsPerMinute, keepalive, keepaliveTimeout, connectionAge);
    }

    /** For a server that accepts messages up to that size. */
    public static RpcLimits of(int messageBytes) {
        return new RpcLimits(
                messageBytes, 16 << 10, 256, 1000, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofHours(1));
    }
}
