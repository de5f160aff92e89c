/**
 * Channels between worker processes, over Arrow Flight. Start with {@link io.solstice.exchange.flight.FlightExchange};
 * {@code SendingChannel} and {@code ReceivingChannel} are the two ends of a road, and each is used by one task's thread.
 *
 * <p><b>On the wire</b> a channel is one Flight {@code DoExchange} call. The sender's messages are Flight data: an Arrow
 * IPC schema or record batch, and in the application metadata a {@code FrameMeta}: kind, sequence number, checksum,
 * value. The first carries the {@code ChannelTicket} in its descriptor. What flows back is metadata alone: the credit,
 * in bytes, that the receiver gives. The first credit also says that the ticket was accepted.
 *
 * <p><b>Memory.</b> A sender sends only on credit, so all bytes of a channel (in gRPC's queues, on the network, and
 * waiting at the receiver) are at most the receiver's budget and one batch. That is why nobody here ever waits for
 * gRPC: the sender's task writes, the receiver's task takes, and gRPC's threads only hand over. The receiver takes
 * everything at once, so a slow channel never stops the others on the same connection.
 *
 * <p>Nothing in here may be loaded by a job that runs in one process.
 */
@NullMarked
package io.solstice.exchange.flight;

import org.jspecify.annotations.NullMarked;
