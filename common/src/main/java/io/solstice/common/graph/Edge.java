package io.solstice.common.graph;

import io.solstice.common.id.StageId;
import java.util.List;

/** @param keyColumns the columns whose hash decides, only for {@link Partitioning#HASH} */
public record Edge(StageId from, StageId to, Partitioning partitioning, List<String> keyColumns) {
    public Edge {
        keyColumns = List.copyOf(keyColumns);
    }
}
