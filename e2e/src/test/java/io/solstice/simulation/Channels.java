package io.solstice.simulation;

import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The roads between tasks: what is on them stays in order. */
final class Channels {
    private final Map<Road, Deque<Element>> roads = new HashMap<>();

    private record Road(RunId run, String attempt, TaskId from, TaskId to) {}

    /** What travels. */
    sealed interface Element {
        record Row(String id) implements Element {}

        record Barrier(long epoch, long base) implements Element {}

        record End() implements Element {}
    }

    Deque<Element> road(RunId run, String attempt, TaskId from, TaskId to) {
        return roads.computeIfAbsent(new Road(run, attempt, from, to), road -> new ArrayDeque<>());
    }
}
