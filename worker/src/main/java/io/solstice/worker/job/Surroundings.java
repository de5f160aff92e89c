package io.solstice.worker.job;

import io.solstice.exchange.channel.Exchange;
import io.solstice.worker.builtin.FlightConnectors;
import io.solstice.worker.code.ProgramLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What the runs on one worker share. It belongs to who makes the worker, and is closed after it.
 *
 * @param programs brings the jobs' code
 * @param exchange the channels to other workers
 * @param flight what plain Arrow Flight clients reach; null in a process that offers them nothing
 * @param memory what all runs together may hold off heap
 */
public record Surroundings(
        ProgramLoader programs, Exchange exchange, @Nullable FlightConnectors flight, BufferAllocator memory) {}
