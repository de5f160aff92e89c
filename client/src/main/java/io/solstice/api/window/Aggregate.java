package io.solstice.api.window;

import io.solstice.api.config.StageDefinition;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * One column of the result of an {@link io.solstice.api.operator.AggregateOperator}. Made by {@link Aggregates}.
 *
 * @param column of the input; empty for one that needs none
 * @param parameter what the kind is told besides, such as how many values or which rank; 0 if nothing
 * @param custom for {@link Kind#CUSTOM}
 * @param results for {@link Kind#MAX_BY} and {@link Kind#MIN_BY}: the columns whose values are wanted
 */
public record Aggregate(
        Kind kind,
        String column,
        String name,
        double parameter,
        @Nullable Custom custom,
        List<String> results) {
    public Aggregate {
        results = List.copyOf(results);
    }

    Aggregate(Kind kind, String column, String name, double parameter, @Nullable Custom custom) {
        this(kind, column, name, parameter, custom, List.of());
    }

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
        MAX_BY,
        MIN_BY,
        COLLECT,
        CUSTOM
    }

    /** A user's aggregate and the type of its result. */
    public record Custom(CustomAggregate function, ArrowType result) {}

    /** The same under another name. */
    public Aggregate as(String newName) {
        return new Aggregate(kind, column, newName, parameter, custom, results);
    }

    /** As configuration shows it, and checkpoints compare it. */
    @Override
    public String toString() {
        String inner = custom == null ? column : StageDefinition.functionName(custom.function());
        String told = parameter == 0 ? "" : ", " + parameter;
        told += results.isEmpty() ? "" : ", " + String.join(", ", results);
        return kind.name().toLowerCase(java.util.Locale.ROOT) + "(" + inner + told + ") as " + name;
    }
}
