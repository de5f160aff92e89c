package io.solstice.bench.flink;

import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.Tally;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tasks of one run report to. Flink serializes its functions, so they carry the number of the run and find it
 * here.
 */
final class FlinkRun implements AutoCloseable {
    private static final AtomicLong NEXT = new AtomicLong();
    private static final Map<Long, FlinkRun> RUNS = new ConcurrentHashMap<>();

    private final long id = NEXT.incrementAndGet();
    private final Meter meter;
    private final Tally result = new Tally();

    FlinkRun(Meter meter) {
        this.meter = meter;
        RUNS.put(id, this);
    }

    static FlinkRun of(long id) {
        return Objects.requireNonNull(RUNS.get(id), "that run is over");
    }

    long id() {
        return id;
    }

    void begin() {
        meter.begin();
    }

    /** A task has come to the end of its input; the last one counts. */
    void end() {
        meter.end();
    }

    void add(Checksum part) {
        result.add(part);
    }

    Checksum result() {
        return result.total();
    }

    @Override
    public void close() {
        RUNS.remove(id);
    }
}
