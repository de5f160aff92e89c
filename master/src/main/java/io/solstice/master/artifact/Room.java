package io.solstice.master.artifact;

import io.solstice.common.loop.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * How much room jars may take.
 *
 * @param bytes of all of them together, unless living jobs need more
 * @param needed the digests of those that living jobs need
 * @param clock for the time of a jar's last use
 */
public record Room(long bytes, Supplier<CompletableFuture<Set<String>>> needed, Clock clock) {}
