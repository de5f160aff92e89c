package io.solstice.master.job;

import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.WorkerCommand;

/** A command and the worker that it is for. */
public record Order(WorkerId worker, WorkerCommand command) {}
