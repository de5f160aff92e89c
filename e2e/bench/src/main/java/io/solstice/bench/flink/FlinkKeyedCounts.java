package io.solstice.bench.flink;

import io.solstice.bench.keyed.KeyCount;
import io.solstice.bench.keyed.KeyedCounts;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.nexmark.QueryRun;
import java.util.Objects;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Counts by key on Flink: a {@code KeyedProcessFunction} with one {@code ValueState}. */
public final class FlinkKeyedCounts {
    private final FlinkCluster cluster;
    private final FlinkWay way;
    private final KeyedCounts work;

    public FlinkKeyedCounts(FlinkCluster cluster, FlinkWay way, KeyedCounts work) {
        this.cluster = cluster;
        this.way = way;
        this.work = work;
    }

    public Contender contender(int parallelism, long events, Checkpointing checkpoints) {
        return new Contender(way.system(), KeyedCounts.QUERY, way.variant(), parallelism, events, meter -> {
            StreamExecutionEnvironment environment = way.environment(parallelism);
            FlinkCluster.takeCheckpoints(environment, checkpoints.seconds(), checkpoints.folder());
            try (QueryRun run = new QueryRun(meter)) {
                environment
                        .fromSource(
                                new EventSource<>(run.id(), work.seed(), events, new KeyCount.Maker(work.keys())),
                                WatermarkStrategy.noWatermarks(),
                                "events",
                                TypeInformation.of(KeyCount.class))
                        .keyBy(KeyCount::key, Types.LONG)
                        .process(new Counting(), TypeInformation.of(KeyCount.class))
                        .sinkTo(new ChecksumSink<KeyCount>(run.id(), KeyCount::checksum));
                checkpoints.taken().accept(cluster.execute(environment));
                work.check(events, run.result());
            }
        });
    }

    private static final class Counting extends KeyedProcessFunction<Long, KeyCount, KeyCount> {
        private static final long serialVersionUID = 1;

        private transient @Nullable ValueState<Long> count;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        }

        @Override
        public void processElement(KeyCount event, Context context, Collector<KeyCount> out) throws Exception {
            ValueState<Long> state = Objects.requireNonNull(count);
            Long before = state.value();
            long now = before == null ? 1 : before + 1;
            state.update(now);
            event.count = now;
            out.collect(event);
        }
    }
}
