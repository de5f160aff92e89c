package io.solstice.bench.engine;

import io.solstice.bench.adclick.AdExpectation;
import io.solstice.bench.adclick.AdLoop;
import io.solstice.bench.adclick.AdPeer;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.EventRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** One thread with the hand-written loop of the ad-click count: what the machine can do. */
public record LimitAds(long seed, AdExpectation expectation) {
    public Contender contender(long events) {
        return new Contender("limit", AdPeer.QUERY, "loop", 1, events, meter -> {
            try (BufferAllocator allocator = new RootAllocator()) {
                Checksum result = AdLoop.generate(allocator, EventRange.of(seed, events, 0, 1), meter::begin);
                meter.end();
                expectation.check(seed, events, result);
            }
        });
    }
}
