package io.solstice.api.operator;

import io.solstice.api.config.StageDefinition;

/** What an operator stage does. The engine turns it into a {@link BatchOperator} for each task. */
public sealed interface OperatorDefinition extends StageDefinition
        permits MapOperator,
                FlatMapOperator,
                FilterOperator,
                KeyByOperator,
                AggregateOperator,
                JoinOperator,
                MapBatchesOperator,
                LateRows,
                EventTimeOperator,
                WindowOperator,
                CustomOperator {}
