package io.solstice.bench.engine;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StageMetrics;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.row.Row;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.bench.keyed.KeyCount;
import io.solstice.bench.keyed.KeyedCounts;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.BatchChecksum;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.Tally;
import io.solstice.common.graph.StateStore;
import io.solstice.exchange.batch.Batch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/** Counts by key on Solstice: a {@code KeyedOperator} with one value for each key. */
public final class SolsticeKeyedCounts implements AutoCloseable {
    private static final Duration LOOKS = Duration.ofMillis(50);
    private static final String COUNT = "count";

    private final Solstice engine = Solstice.embedded();
    private final KeyedCounts work;

    public SolsticeKeyedCounts(KeyedCounts work) {
        this.work = work;
    }

    public Contender contender(StateStore store, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender("solstice", KeyedCounts.QUERY, store.word(), parallelism, events, meter -> {
            Tally result = new Tally();
            JobHandle handle = engine.submit(job(store, parallelism, events, meter, result)
                    .stateBackend(new LocalStateBackend(checkpoints.folder().toString()))
                    .checkpointIntervalSecs(checkpoints.seconds()));
            CheckpointWatch watch = new CheckpointWatch(handle, LOOKS);
            handle.await();
            meter.end();
            checkpoints.taken().accept(watch.end());
            requireStore(handle, store);
            work.check(events, result.total());
        });
    }

    /** Figures of a store that was not to be had would be those of another. */
    private static void requireStore(JobHandle handle, StateStore store) {
        StageMetrics stage = handle.getMetrics().stages().stream()
                .filter(metrics -> metrics.stageId().equals(COUNT))
                .findFirst()
                .orElseThrow();
        if (stage.states().stream().anyMatch(state -> !state.backend().equals(store.word()))) {
            throw new IllegalStateException("the state was not kept in " + store.word() + ": " + stage.states());
        }
    }

    private MadeEvents source(long events, int parallelism, Meter meter) {
        return new MadeEvents(
                KeyBatches.SCHEMA,
                (allocator, range) -> new KeyBatches(work, allocator, range),
                work.seed(),
                events,
                parallelism,
                meter::begin);
    }

    private Job job(StateStore store, int parallelism, long events, Meter meter, Tally result) {
        return new Job(KeyedCounts.QUERY)
                .stateStore(store)
                .stateMemory(KeyedCounts.STORE_BYTES / parallelism)
                .addStage(Stage.source("events", () -> source(events, parallelism, meter))
                        .parallelism(parallelism))
                .addStage(Stage.of("by", KeyByOperator.columns(KeyBatches.KEY)).parallelism(parallelism), "events")
                .addStage(Stage.operator(COUNT, Counting::new).parallelism(parallelism), "by")
                .addStage(
                        Stage.sink("checksum", () -> new ChecksumSink(Sum::new, result::add))
                                .parallelism(parallelism),
                        COUNT);
    }

    private static final class Counting implements KeyedOperator {
        private @Nullable ValueState<Long> count;

        @Override
        public void declare(States states) {
            count = states.value(COUNT, Long.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            ValueState<Long> state = Objects.requireNonNull(count);
            Long before = state.get();
            long now = before == null ? 1 : before + 1;
            state.set(now);
            out.emit(Row.of(KeyBatches.KEY, row.getLong(KeyBatches.KEY), COUNT, now));
        }
    }

    private static final class Sum implements BatchChecksum {
        private long rows;
        private long sum;

        @Override
        public void add(Batch batch) {
            BigIntVector keys = (BigIntVector) batch.column(KeyBatches.KEY);
            BigIntVector counts = (BigIntVector) batch.column(COUNT);
            rows += batch.rowCount();
            for (int row = 0; row < batch.rowCount(); row++) {
                sum += KeyCount.checksum(keys.get(row), counts.get(row));
            }
        }

        @Override
        public Checksum value() {
            return new Checksum(rows, sum);
        }
    }

    /** In the order in which they are shown. */
    public static List<StateStore> stores() {
        return List.of(StateStore.AUTO, StateStore.ROCKSDB, StateStore.DISK);
    }

    @Override
    public void close() {
        engine.close();
    }
}
