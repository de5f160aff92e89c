package io.solstice.worker.expression;

import io.solstice.worker.expression.LoopGenerator.Output;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Generated loops by expression and types, shared by all jobs of the process, so that a second job with the same
 * expressions runs code that the JIT has compiled already. Loops have no state. Holds a bounded number; the code refers
 * to no user class.
 */
final class LoopCache {
    private static final int MOST = 1_000;
    private static final Map<Key, Optional<Loop>> LOOPS = new ConcurrentHashMap<>();

    private record Key(Typed tree, Output output) {}

    private LoopCache() {}

    /** Nothing if the expression is too large for one loop. */
    static Optional<Loop> loop(LoopPlan plan, Output output) {
        if (LOOPS.size() >= MOST) {
            LOOPS.clear();
        }
        return LOOPS.computeIfAbsent(new Key(plan.tree(), output), key -> LoopGenerator.generate(plan, output));
    }
}
