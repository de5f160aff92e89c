package io.solstice.stream.result;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Counts results, and gives the figures after each batch. They are its state, so results that are computed again after a
 * failure are counted once.
 */
public final class MetricsOperator implements BatchOperator {
    static final String TOTAL = "total_results";
    static final String WINDOWS = "unique_windows";
    static final String LATEST = "latest_result_time";

    private static final Schema FIGURES = new Schema(List.of(
            new Field(TOTAL, FieldType.nullable(new ArrowType.Int(64, true)), null),
            new Field(WINDOWS, FieldType.nullable(new ArrowType.Int(64, true)), null),
            new Field(LATEST, FieldType.nullable(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")), null)));

    private @Nullable BufferAllocator allocator;
    private long results;
    private long windows;
    private @Nullable Instant latest;

    @Override
    public void open(OperatorContext context) {
        allocator = context.allocator();
    }

    @Override
    public Schema outputSchema(Schema input) {
        return FIGURES;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        int pane = batch.indexOf(AggregateOperator.PANE_INDEX);
        try (batch;
                Batch read = batch.select(pane, batch.indexOf(Results.PROCESSING_TIME))) {
            RowReader rows = new RowReader(read);
            for (int i = 0; i < batch.rowCount(); i++) {
                add(rows.row(i));
            }
        }
        BufferAllocator memory = Objects.requireNonNull(allocator, "not open");
        out.emit(new RowWriter(FIGURES).write(List.of(checkpoint()), memory));
    }

    private void add(Row result) {
        results++;
        // The first result of a window; later ones correct it.
        windows += result.getLong(AggregateOperator.PANE_INDEX) == 0 ? 1 : 0;
        if (result.get(Results.PROCESSING_TIME) instanceof Instant time && (latest == null || time.isAfter(latest))) {
            latest = time;
        }
    }

    @Override
    public Row checkpoint() {
        return Row.of(TOTAL, results, WINDOWS, windows, LATEST, latest);
    }

    @Override
    public void restore(Row state) {
        results = state.getLong(TOTAL);
        windows = state.getLong(WINDOWS);
        latest = (Instant) state.get(LATEST);
    }
}
