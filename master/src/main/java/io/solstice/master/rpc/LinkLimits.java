package io.solstice.master.rpc;

/**
 * How patient a master is with the connections of workers.
 *
 * @param waitingBytes how much may wait for a worker to read it
 * @param stuckMillis how long a worker may leave unread what it is sent
 * @param registerMillis how long a connection may stay without registering
 */
public record LinkLimits(long waitingBytes, long stuckMillis, long registerMillis) {
    public static final LinkLimits DEFAULT = new LinkLimits(64L << 20, 10_000, 10_000);
}
