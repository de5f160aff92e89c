package io.solstice.bench.startup;

import io.solstice.bench.flink.FlinkCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Flink's side of {@link StartupProbe}. */
record FlinkStartup(FlinkCluster cluster) implements StartupProbe.Running {
    static FlinkStartup start() throws Exception {
        return new FlinkStartup(FlinkCluster.start());
    }

    @Override
    public void runJob(int number) throws Exception {
        StreamExecutionEnvironment environment = FlinkCluster.environment(2);
        environment.fromSequence(0, 999).filter(value -> value % 2 == 0).sinkTo(new DiscardingSink<>());
        cluster.execute(environment);
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
