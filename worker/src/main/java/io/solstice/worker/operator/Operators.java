package io.solstice.worker.operator;

import io.solstice.api.expr.Expression;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.EventTimeOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.api.operator.MapBatchesOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.Operator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.operator.WindowOperator;
import io.solstice.api.state.KeyedOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.loop.Clock;
import io.solstice.worker.join.Join;
import io.solstice.worker.userwindow.UserWindows;
import io.solstice.worker.window.WindowedAggregation;
import java.util.List;
import java.util.Optional;

/** Turns definitions into runnable operators, one for each task. */
public final class Operators {
    private Operators() {}

    public static BatchOperator create(OperatorDefinition definition) {
        if (definition instanceof MapOperator map) {
            return map(map);
        } else if (definition instanceof FilterOperator filter) {
            return filter(filter);
        } else if (definition instanceof FlatMapOperator flatMap) {
            return flatMap(flatMap);
        } else if (definition instanceof KeyByOperator keyBy) {
            return keyBy(keyBy);
        } else if (definition instanceof MapBatchesOperator mapBatches) {
            return new BatchMap(mapBatches);
        } else if (definition instanceof AggregateOperator aggregate) {
            return new WindowedAggregation(aggregate);
        } else if (definition instanceof WindowOperator windows) {
            return new KeyedOperatorAdapter(new UserWindows(windows, Clock.SYSTEM), Clock.SYSTEM);
        } else if (definition instanceof EventTimeOperator times) {
            return new EventTimes(times.watermarks(), Clock.SYSTEM);
        } else if (definition instanceof LateRows) {
            return new Unchanged();
        } else if (definition instanceof JoinOperator join) {
            return new Join(join, Clock.SYSTEM);
        }
        return custom(((CustomOperator) definition).supplier().get());
    }

    /** A filter by an expression, where the engine must filter for a source. */
    public static BatchOperator filter(Expression condition) {
        return filter(FilterOperator.where(condition));
    }

    /**
     * One operator for two neighbouring stages of a chain, where that saves work: a filter and the expressions behind
     * it copy only the columns that the expressions need.
     */
    public static Optional<BatchOperator> fused(OperatorDefinition first, OperatorDefinition second) {
        return first instanceof FilterOperator.Where where
                        && second instanceof MapOperator.Expressions expressions
                        && !where.skipOnError()
                        && !expressions.skipOnError()
                ? Optional.of(new ExpressionMap(where.condition(), expressions))
                : Optional.empty();
    }

    /** Refuses an operator that keeps state for each key in a stage without any. @param keys that divide its rows */
    public static void requireKeys(BatchOperator operator, List<String> keys) {
        if (operator instanceof KeyedOperatorAdapter && keys.isEmpty()) {
            throw ErrorCode.OPTION_MISSING
                    .error("an operator with state for each key needs keys")
                    .cause("the rows of its stage are not divided by key")
                    .help("put a KeyByOperator stage before it")
                    .toException();
        }
    }

    private static BatchOperator map(MapOperator definition) {
        if (definition instanceof MapOperator.Expressions expressions) {
            return new ExpressionMap(expressions);
        } else if (definition instanceof MapOperator.Records<?, ?> records) {
            return new RecordMapping<>(records);
        }
        return new RowMap((MapOperator.Rows) definition);
    }

    private static BatchOperator filter(FilterOperator definition) {
        if (definition instanceof FilterOperator.Where where) {
            return new ExpressionFilter(where);
        } else if (definition instanceof FilterOperator.Records<?> records) {
            return new RecordFiltering<>(records);
        }
        return new RowFilter((FilterOperator.Rows) definition);
    }

    private static BatchOperator flatMap(FlatMapOperator definition) {
        if (definition instanceof FlatMapOperator.Records<?, ?> records) {
            return new RecordExpansion<>(records);
        }
        return new RowFlatMap((FlatMapOperator.Rows) definition);
    }

    private static BatchOperator keyBy(KeyByOperator definition) {
        if (definition instanceof KeyByOperator.Columns columns) {
            return new KeyByColumns(columns);
        } else if (definition instanceof KeyByOperator.Computed computed) {
            Expression key = computed.key().as(KeyByOperator.KEY_COLUMN);
            return new ExpressionMap(new MapOperator.Expressions(List.of(key), true, false));
        }
        if (definition instanceof KeyByOperator.Records<?> records) {
            return new RecordKeyBy<>(records);
        }
        return new RowKeyBy((KeyByOperator.Rows) definition);
    }

    private static BatchOperator custom(Operator operator) {
        if (operator instanceof BatchOperator batches) {
            return batches;
        }
        if (operator instanceof RowOperator rows) {
            return new RowOperatorAdapter(rows);
        }
        if (operator instanceof KeyedOperator keyed) {
            return new KeyedOperatorAdapter(keyed, Clock.SYSTEM);
        }
        throw ErrorCode.TYPE_MISMATCH
                .error(operator.getClass().getName() + " is no RowOperator, KeyedOperator or BatchOperator")
                .help("implement one of these; Operator alone has no way to process anything")
                .toException();
    }
}
