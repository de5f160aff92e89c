package io.solstice.bench.flink;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process, kept for many jobs. */
public final class FlinkCluster implements AutoCloseable {
    private static final int SLOTS = 2;

    private final MiniCluster cluster;

    private FlinkCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    public static FlinkCluster start() throws Exception {
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .withRandomPorts()
                .build());
        cluster.start();
        return new FlinkCluster(cluster);
    }

    public static StreamExecutionEnvironment environment(int parallelism) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        environment.setParallelism(parallelism);
        // Off by default; without it Flink copies every event at every step and takes seven times as long.
        environment.getConfig().enableObjectReuse();
        return environment;
    }

    public void execute(StreamExecutionEnvironment environment) throws Exception {
        cluster.executeJobBlocking(environment.getStreamGraph().getJobGraph());
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
