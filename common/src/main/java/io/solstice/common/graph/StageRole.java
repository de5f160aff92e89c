package io.solstice.common.graph;

/** Where a stage stands in the graph: data starts at sources and ends at sinks. */
public enum StageRole {
    SOURCE,
    OPERATOR,
    SINK
}
