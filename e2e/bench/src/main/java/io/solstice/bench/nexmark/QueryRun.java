package io.solstice.bench.nexmark;

import io.solstice.bench.measure.Meter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tasks of one run report to. Some systems serialize their functions, even for tasks of the same process, so
 * they carry the number of the run and find it here.
 */
public final class QueryRun implements AutoCloseable {
    private static final long NEVER = Long.MIN_VALUE;
    private static final AtomicLong NEXT = new AtomicLong();
    private static final Map<Long, QueryRun> RUNS = new ConcurrentHashMap<>();

    private final long id = NEXT.incrementAndGet();
    private final Meter meter;
    private final Tally result = new Tally();
    private final AtomicLong checkpointBegun = new AtomicLong(NEVER);
    private final Queue<Long> checkpointMillis = new ConcurrentLinkedQueue<>();

    public QueryRun(Meter meter) {
        this.meter = meter;
        RUNS.put(id, this);
    }

    public static QueryRun of(long id) {
        return Objects.requireNonNull(RUNS.get(id), "that run is over");
    }

    public long id() {
        return id;
    }

    public void begin() {
        meter.begin();
    }

    /** A task has come to the end of its input; the last one counts. */
    public void end() {
        meter.end();
    }

    public void add(Checksum part) {
        result.add(part);
    }

    /** A task begins with its part of a checkpoint; the first one counts. */
    public void checkpointBegins() {
        checkpointBegun.compareAndSet(NEVER, System.nanoTime());
    }

    /** A task hears that a checkpoint is over, and whether it succeeded; the first one counts. */
    public void checkpointEnds(boolean success) {
        long begun = checkpointBegun.getAndSet(NEVER);
        if (success && begun != NEVER) {
            checkpointMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        }
    }

    /** What each checkpoint took, of a system that does not tell. */
    public List<Long> checkpointMillis() {
        return List.copyOf(checkpointMillis);
    }

    public Checksum result() {
        return result.total();
    }

    @Override
    public void close() {
        RUNS.remove(id);
    }
}
