package io.solstice.api.window;

import io.solstice.api.config.StageDefinition;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * One column of the result of an {@link io.solstice.api.operator.AggregateOperator}. Made by {@link Aggregates}.
 *
 * @param column of the input; empty for one that needs none
 * @param parameter what the kind is told besides, such as how many values or which rank; 0 if nothing
 * @param custom for {@link Kind#CUSTOM}
 */
public record Aggregate(
        Kind kind,
        String column,
        String name,
        double parameter,
        @Nullable Custom custom) {

    /** What is computed. Rows without a value in the column do not count, but for {@link #COUNT} and {@link #CUSTOM}. */
    public enum Kind {
        COUNT,
        COUNT_VALUES,
        SUM,
        MIN,
        MAX,
        AVG,
        FIRST,
        LAST,
        DISTINCT,
        APPROX_DISTINCT,
        QUANTILE,
        TOP,
        LATEST,
        COLLECT,
        CUSTOM
    }

    /** A user's aggregate and the type of its result. */
    public record Custom(CustomAggregate function, ArrowType result) {}

    /** The same under another name. */
    public Aggregate as(String newName) {
        return new Aggregate(kind, column, newName, parameter, custom);
    }

    /** As configuration shows it, and checkpoints compare it. */
    @Override
    public String toString() {
        String inner = custom == null ? column : StageDefinition.functionName(custom.function());
        String told = parameter == 0 ? "" : ", " + parameter;
        return kind.name().toLowerCase(java.util.Locale.ROOT) + "(" + inner + told + ") as " + name;
    }
}
