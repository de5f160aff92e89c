package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Query;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What a user of Flink can choose: how a query is written, and where its state is kept. */
public enum FlinkWay {
    /** State is objects on the heap; a checkpoint writes all of it. */
    HEAP("flink-ds", "datastream"),
    /** State is bytes in RocksDB, on disk as far as it is not cached; a checkpoint writes what is new. */
    ROCKSDB("flink-rocksdb", "datastream"),
    /** As SQL, with state on the heap. */
    SQL("flink-sql", "sql");

    private final String system;
    private final String variant;

    FlinkWay(String system, String variant) {
        this.system = system;
        this.variant = variant;
    }

    String system() {
        return system;
    }

    String variant() {
        return variant;
    }

    /** Where state is kept matters to those that have some. */
    boolean does(Query query) {
        return this != ROCKSDB || query.hasState();
    }

    int millions(Query query) {
        boolean keepsMuch = query == Query.Q5 || query == Query.Q11;
        return switch (this) {
            case HEAP -> keepsMuch ? 10 : 40;
            case ROCKSDB -> keepsMuch ? 1 : query == Query.Q7 ? 4 : 40;
            case SQL -> keepsMuch ? 4 : 20;
        };
    }

    StreamExecutionEnvironment environment(int parallelism) {
        StreamExecutionEnvironment environment = FlinkCluster.environment(parallelism);
        if (this == ROCKSDB) {
            environment.configure(new Configuration()
                    .set(StateBackendOptions.STATE_BACKEND, "rocksdb")
                    .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true));
        }
        return environment;
    }
}
