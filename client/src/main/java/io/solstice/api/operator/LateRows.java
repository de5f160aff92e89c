package io.solstice.api.operator;

import java.util.Map;

/**
 * The rows that came too late in its upstreams, as they came in there, instead of the upstreams' results. Where a stage of
 * these stands behind an aggregation, late rows are not set aside as dead letters.
 *
 * <pre>{@code
 * job.addStage(Stage.of("bids", AggregateOperator.by("auction").window(…).aggregate(…)), "in")
 *         .addStage(Stage.of("late", LateRows.create()), "bids")
 *         .addStage(Stage.of("late_file", FileSink.json("/late")), "late")
 * }</pre>
 */
public record LateRows() implements OperatorDefinition {
    public static LateRows create() {
        return new LateRows();
    }

    @Override
    public String type() {
        return "LateRows";
    }

    @Override
    public Map<String, String> options() {
        return Map.of();
    }
}
