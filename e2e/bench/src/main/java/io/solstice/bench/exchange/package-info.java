/**
 * The same batches from one process to another: over the exchange, over a bare Flight stream, as bytes over plain gRPC,
 * and over a socket. {@code ExchangeSuite} is the sending process, {@code ReceiverProcess} the other.
 */
@NullMarked
package io.solstice.bench.exchange;

import org.jspecify.annotations.NullMarked;
