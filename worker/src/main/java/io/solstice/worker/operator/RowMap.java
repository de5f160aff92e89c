package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link MapOperator.Rows}: one row for each. */
final class RowMap implements BatchOperator {
    private final MapOperator.Rows definition;
    private final RowFailures failures;
    private final RowWriter writer;
    private @Nullable OperatorContext context;

    RowMap(MapOperator.Rows definition) {
        this(definition, "map_fn");
    }

    /** @param function what the function is called in errors */
    RowMap(MapOperator.Rows definition, String function) {
        this.definition = definition;
        this.failures = new RowFailures(function, definition.skipOnError());
        this.writer = new RowWriter(definition.output());
    }

    @Override
    public @Nullable Schema outputSchema(Schema input) {
        return definition.output();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        try (batch) {
            RowReader reader = new RowReader(batch);
            List<Row> mapped = new ArrayList<>(batch.rowCount());
            for (int i = 0; i < batch.rowCount(); i++) {
                try {
                    mapped.add(notNull(definition.function().apply(reader.row(i))));
                } catch (Exception | StackOverflowError | LinkageError thrown) {
                    failures.failed(task, batch, i, thrown);
                }
            }
            RowBatches.emit(mapped, writer, task.allocator(), out);
        }
    }

    private static Row notNull(@Nullable Row row) {
        if (row == null) {
            throw ErrorCode.NULL_VALUE
                    .error("map_fn returned null")
                    .help("return a row for each row; use FilterOperator or FlatMapOperator to drop some")
                    .toException();
        }
        return row;
    }
}
