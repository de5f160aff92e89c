package io.solstice.bench;

import java.util.List;

/** Queries that run in one JVM. */
enum Section {
    NEXMARK("q0", "q1", "q2", "q0-exchange", "q3", "q5", "q7", "q8", "q11", "ad-click"),
    AGGREGATE("agg-10k", "agg-1m", "agg-text", "agg-sliding", "agg-session"),
    LARGE("q5-large", "q5-large-memory", "q11-large", "q11-large-memory", "join-large", "join-large-memory"),
    SKEW("skew"),
    FILES("parquet-parquet", "lance-parquet", "parquet-lance"),
    STARTUP("startup", "allocation"),
    EXCHANGE("exchange-net"),
    CLUSTER("cluster", "q-cluster", "checkpoint-time", "latency", "state-move"),
    CHECKPOINT("checkpoint-cost"),
    STATE("state"),
    KEYED("keyed-state"),
    KEYED_FLINK("keyed-state");

    private final List<String> queries;

    Section(String... queries) {
        this.queries = List.of(queries);
    }

    List<String> queries() {
        return queries;
    }
}
