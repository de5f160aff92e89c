package io.solstice.worker.job;

import io.solstice.common.id.WorkerId;
import io.solstice.exchange.channel.Exchange;
import io.solstice.worker.code.ProgramLoader;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What the runs on one worker share.
 *
 * @param memory the parent of every run's memory
 */
record Surroundings(WorkerId self, ProgramLoader programs, Exchange exchange, BufferAllocator memory) {}
