package io.solstice.worker.control;

import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerReport;

/** What can happen to a worker. */
public sealed interface WorkerEvent {
    /** Time has passed. The first one begins the worker's life. */
    record Tick() implements WorkerEvent {}

    /** @param link the connection that it came over; what comes over an earlier one means nothing */
    record Received(long link, MasterMessage message) implements WorkerEvent {}

    /** A connection could not be made, or is gone. */
    record LinkClosed(long link, String why) implements WorkerEvent {}

    /** Something came of what was carried out. */
    record Reported(WorkerReport report) implements WorkerEvent {}

    /** The worker is to end. */
    record ShutdownAsked() implements WorkerEvent {}
}
