package io.solstice.worker.job;

import io.solstice.common.id.WorkerId;
import io.solstice.exchange.channel.Exchange;
import io.solstice.worker.builtin.FlightConnectors;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.store.StateHome;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What the runs on one worker share.
 *
 * @param flight null in a process that offers no Arrow Flight
 * @param exchange the channels to other workers
 * @param memory the parent of every run's memory; its owner closes it after the worker
 * @param work where tasks may keep files while they run
 */
public record Surroundings(
        WorkerId self,
        ProgramLoader programs,
        Exchange exchange,
        @Nullable FlightConnectors flight,
        BufferAllocator memory,
        Gpus gpus,
        Path work) {

    /** For a process that has no folder of its own. */
    public Surroundings(
            WorkerId self,
            ProgramLoader programs,
            Exchange exchange,
            @Nullable FlightConnectors flight,
            BufferAllocator memory,
            Gpus gpus) {
        this(self, programs, exchange, flight, memory, gpus, StateHome.temporaryWork());
    }
}
