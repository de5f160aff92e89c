package io.solstice.bench.jet;

import com.hazelcast.function.SupplierEx;
import com.hazelcast.jet.Traverser;
import com.hazelcast.jet.Traversers;
import com.hazelcast.jet.core.AbstractProcessor;
import com.hazelcast.jet.core.BroadcastKey;
import com.hazelcast.jet.core.EventTimeMapper;
import com.hazelcast.jet.core.EventTimePolicy;
import com.hazelcast.jet.core.Processor;
import com.hazelcast.jet.core.ProcessorMetaSupplier;
import com.hazelcast.jet.core.ProcessorSupplier;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sources;
import com.hazelcast.jet.pipeline.StreamStage;
import io.solstice.bench.nexmark.EventMaker;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.QueryRun;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Emits the events of one task. A snapshot has its position and its time. */
final class EventSource<T> extends AbstractProcessor {
    /** After so many the thread goes on to other tasks, as between two looks at a queue. */
    private static final int EVENTS_PER_CALL = 1024;

    private static final String NAME = "events";

    private final long run;
    private final long seed;
    private final long events;
    private final EventMaker<T> maker;
    private final @Nullable EventTimeMapper<T> time;
    private @Nullable LongFunction<T> generator;
    private @Nullable EventRange range;
    private int task;
    private long position;
    private Traverser<Object> pending = Traversers.empty();
    private @Nullable T refused;

    private EventSource(long run, long seed, long events, EventMaker<T> maker, @Nullable EventTimeMapper<T> time) {
        this.run = run;
        this.seed = seed;
        this.events = events;
        this.maker = maker;
        this.time = time;
    }

    /** Without event time, which would cost an object for each event. */
    static <T> StreamStage<T> plain(
            Pipeline pipeline, long run, long seed, long events, EventMaker<T> maker, int tasks) {
        return pipeline.readFrom(Sources.<T>streamFromProcessor(
                        NAME, everywhere(tasks, () -> new EventSource<>(run, seed, events, maker, null))))
                .withoutTimestamps()
                .setLocalParallelism(tasks);
    }

    /** With event time; events come in order from each task. */
    static <T> StreamStage<T> timed(
            Pipeline pipeline, long run, long seed, long events, EventMaker<T> maker, int tasks) {
        return pipeline.readFrom(Sources.<T>streamFromProcessorWithWatermarks(
                        NAME, true, policy -> everywhere(tasks, () -> timed(run, seed, events, maker, policy))))
                .withNativeTimestamps(0)
                .setLocalParallelism(tasks);
    }

    private static ProcessorMetaSupplier everywhere(int tasks, SupplierEx<Processor> made) {
        return ProcessorMetaSupplier.of(tasks, ProcessorSupplier.of(made));
    }

    private static <T> Processor timed(
            long run, long seed, long events, EventMaker<T> maker, EventTimePolicy<? super T> policy) {
        EventTimeMapper<T> time = new EventTimeMapper<>(policy);
        time.addPartitions(1);
        return new EventSource<>(run, seed, events, maker, time);
    }

    @Override
    protected void init(Context context) {
        task = context.globalProcessorIndex();
        generator = maker.with(seed);
        range = EventRange.of(seed, events, task, context.totalParallelism());
        QueryRun.of(run).begin();
    }

    @Override
    public boolean complete() {
        LongFunction<T> made = Objects.requireNonNull(generator);
        EventRange events = Objects.requireNonNull(range);
        long end = Math.min(events.rows(), position + EVENTS_PER_CALL);
        boolean room = time == null ? emit(made, events, end) : emit(made, events, end, time);
        return room && position == events.rows();
    }

    /** Whether all were taken. */
    private boolean emit(LongFunction<T> made, EventRange events, long end) {
        if (refused != null && !tryEmit(refused)) {
            return false;
        }
        refused = null;
        while (position < end) {
            T event = made.apply(events.event(position++));
            if (!tryEmit(event)) {
                refused = event;
                return false;
            }
        }
        return true;
    }

    private boolean emit(LongFunction<T> made, EventRange events, long end, EventTimeMapper<T> time) {
        long now = System.nanoTime();
        while (emitFromTraverser(pending)) {
            if (position == end) {
                return true;
            }
            T event = made.apply(events.event(position++));
            pending = time.flatMapEvent(now, event, 0, maker.millis(event));
        }
        return false;
    }

    @Override
    public boolean saveToSnapshot() {
        if (refused != null && !tryEmit(refused)) {
            return false;
        }
        refused = null;
        if (!emitFromTraverser(pending)) {
            return false;
        }
        QueryRun.of(run).checkpointBegins();
        long watermark = time == null ? 0 : time.getWatermark(0);
        return tryEmitToSnapshot(BroadcastKey.broadcastKey(task), new long[] {position, watermark});
    }

    @Override
    public boolean snapshotCommitFinish(boolean success) {
        QueryRun.of(run).checkpointEnds(success);
        return true;
    }

    @Override
    protected void restoreFromSnapshot(Object key, Object value) {
        if (key.equals(BroadcastKey.broadcastKey(task))) {
            long[] saved = (long[]) value;
            position = saved[0];
            if (time != null) {
                time.restoreWatermark(0, saved[1]);
            }
        }
    }

    @Override
    public boolean closeIsCooperative() {
        return true;
    }
}
