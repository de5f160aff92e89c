package io.solstice.bench.jet;

import com.hazelcast.function.ToLongFunctionEx;
import com.hazelcast.jet.core.AbstractProcessor;
import com.hazelcast.jet.core.BroadcastKey;
import com.hazelcast.jet.core.ProcessorMetaSupplier;
import com.hazelcast.jet.core.ProcessorSupplier;
import com.hazelcast.jet.pipeline.Sink;
import com.hazelcast.jet.pipeline.Sinks;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.QueryRun;

/** Sums up what it gets, and tells at the end. What the sum is so far is part of each snapshot, so a row counts once. */
final class ChecksumSink<T> extends AbstractProcessor {
    private final long run;
    private final ToLongFunctionEx<T> sum;
    private int task;
    private long rows;
    private long total;

    private ChecksumSink(long run, ToLongFunctionEx<T> sum) {
        this.run = run;
        this.sum = sum;
    }

    /** @param sum a row's part of the checksum */
    static <T> Sink<T> of(long run, ToLongFunctionEx<T> sum) {
        return Sinks.fromProcessor(
                "checksum", ProcessorMetaSupplier.of(ProcessorSupplier.of(() -> new ChecksumSink<>(run, sum))));
    }

    @Override
    protected void init(Context context) {
        task = context.globalProcessorIndex();
    }

    @Override
    @SuppressWarnings("unchecked")
    protected boolean tryProcess(int ordinal, Object row) {
        rows++;
        total += sum.applyAsLong((T) row);
        return true;
    }

    @Override
    public boolean complete() {
        QueryRun.of(run).add(new Checksum(rows, total));
        return true;
    }

    @Override
    public boolean saveToSnapshot() {
        return tryEmitToSnapshot(BroadcastKey.broadcastKey(task), new long[] {rows, total});
    }

    @Override
    protected void restoreFromSnapshot(Object key, Object value) {
        if (key.equals(BroadcastKey.broadcastKey(task))) {
            long[] saved = (long[]) value;
            rows = saved[0];
            total = saved[1];
        }
    }
}
