package io.solstice.worker.control;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker does about it, in this order. */
public sealed interface WorkerAction {
    /** Connects to the master and registers as the first word. Links are numbered; there is one at a time. */
    record OpenLink(long link, WorkerRegistration registration) implements WorkerAction {}

    /** Sends over the open link. */
    record Send(WorkerMessage message) implements WorkerAction {}

    /** Sends a heartbeat with the metrics of the moment over the open link. */
    record SendHeartbeat(long sequence) implements WorkerAction {}

    record CloseLink(long link) implements WorkerAction {}

    /** Does what a command says. Commands of one job are carried out one after the other. */
    record CarryOut(WorkerCommand command) implements WorkerAction {}

    /** Tells tasks how far those of their groups of sources have come on other workers. */
    record Align(List<GroupTime> others) implements WorkerAction {
        public Align {
            others = List.copyOf(others);
        }
    }

    /** A run has been released; nothing of it will be asked for again. */
    record Forget(RunId run) implements WorkerAction {}

    /** A line for people. */
    record Say(Level level, String line) implements WorkerAction {}

    /** Ends the process. Nothing follows. */
    record Exit(int code, @Nullable SolsticeError error) implements WorkerAction {}

    /** How much a line matters. */
    enum Level {
        INFO,
        WARN
    }
}
