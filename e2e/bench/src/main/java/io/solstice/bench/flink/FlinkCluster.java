package io.solstice.bench.flink;

import io.solstice.bench.nexmark.EventMaker;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CheckpointStatsStatus;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process, kept for many jobs. */
public final class FlinkCluster implements AutoCloseable {
    private static final int SLOTS = 2;
    /** Of the last checkpoints of each job it is known how long they took. */
    private static final int CHECKPOINTS_KNOWN = 10_000;

    /** What RocksDB and SQL's operators may use outside the heap: as much as a task manager has by default. */
    private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(512);

    private final MiniCluster cluster;

    private FlinkCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    public static FlinkCluster start() throws Exception {
        return start(MANAGED_MEMORY.getBytes());
    }

    /** @param managedBytes what RocksDB and SQL's operators may use outside the heap */
    public static FlinkCluster start(long managedBytes) throws Exception {
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(new Configuration()
                        .set(WebOptions.CHECKPOINTS_HISTORY_SIZE, CHECKPOINTS_KNOWN)
                        .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, new MemorySize(managedBytes)))
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

    /** Events come in order from each task; Flink's time is in milliseconds. */
    static <T> WatermarkStrategy<T> watermarks(EventMaker<T> maker) {
        return WatermarkStrategy.<T>forMonotonousTimestamps()
                .withTimestampAssigner((event, before) -> maker.millis(event));
    }

    /** Exactly once, aligned, on the local file system; what a job was like is deleted at its end. */
    static void takeCheckpoints(StreamExecutionEnvironment environment, double seconds, Path folder) {
        environment.enableCheckpointing(Math.round(seconds * 1_000), CheckpointingMode.EXACTLY_ONCE);
        environment.configure(new Configuration()
                .set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem")
                .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString()));
    }

    /** Runs it to its end. Returns the milliseconds that each of its completed checkpoints took. */
    public List<Long> execute(StreamExecutionEnvironment environment) throws Exception {
        JobID job = cluster.executeJobBlocking(environment.getStreamGraph().getJobGraph())
                .getJobID();
        CheckpointStatsSnapshot checkpoints =
                cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
        if (checkpoints == null) {
            return List.of();
        }
        return checkpoints.getHistory().getCheckpoints().stream()
                .filter(checkpoint -> checkpoint.getStatus() == CheckpointStatsStatus.COMPLETED)
                .map(AbstractCheckpointStats::getEndToEndDuration)
                .toList();
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
