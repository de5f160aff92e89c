package io.solstice.worker.job;

import io.solstice.exchange.channel.Inbox;
import io.solstice.worker.task.Roads;

/** A task's channels, made before the tasks so that both ends know them. */
record TaskRoads(Inbox in, Roads out) {}
