package io.solstice.bench.adclick;

import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.EventRange;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** What the count must come to, worked out once by the hand-written loop. */
public final class AdExpectation {
    private final Map<EventRange, Checksum> known = new ConcurrentHashMap<>();

    /** Throws if a system came to something else. How the events are divided does not matter. */
    public void check(long seed, long events, Checksum found) {
        Checksum expected = known.computeIfAbsent(EventRange.of(seed, events, 0, 1), AdExpectation::answer);
        if (!expected.equals(found)) {
            throw new IllegalStateException(
                    "wrong result: expected " + expected + " (rows:sum over columns), found " + found);
        }
    }

    private static Checksum answer(EventRange range) {
        try (BufferAllocator allocator = new RootAllocator()) {
            return AdLoop.generate(allocator, range, () -> {});
        }
    }
}
