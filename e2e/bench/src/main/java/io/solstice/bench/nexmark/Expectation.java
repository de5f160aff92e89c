package io.solstice.bench.nexmark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** What a query must come to, worked out once by the hand-written loop. */
public final class Expectation {
    private final Map<Question, Checksum> known = new ConcurrentHashMap<>();

    private record Question(Query query, long seed, long events, int tasks, boolean replay) {}

    /** Throws if a system came to something else. */
    public void check(Query query, long seed, long events, int tasks, boolean replay, Checksum found) {
        // How generated events are divided does not matter; replayed ones depend on it, but with state these are all.
        boolean inTurn = replay && !query.hasState();
        Question question = new Question(query, seed, events, inTurn ? tasks : 1, inTurn);
        Checksum expected = known.computeIfAbsent(question, Expectation::answer);
        if (!expected.equals(found)) {
            throw new IllegalStateException(
                    "wrong result: expected " + expected + " (rows:sum over columns), found " + found);
        }
    }

    private static Checksum answer(Question question) {
        Checksum total = Checksum.NONE;
        try (BufferAllocator allocator = new RootAllocator()) {
            for (int task = 0; task < question.tasks; task++) {
                EventRange range = EventRange.of(question.seed, question.events, task, question.tasks);
                total = total.plus(
                        question.replay
                                ? HandLoop.replay(question.query, allocator, range, () -> {})
                                : HandLoop.generate(question.query, allocator, range, () -> {}));
            }
        }
        return total;
    }
}
