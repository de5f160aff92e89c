package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Aggregate;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Watermark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What a checkpoint keeps of an aggregation besides its tables: what it is, and how far it has come. */
final class AggregationState {
    private static final String WATERMARK = "watermark";
    private static final String ROWS = "rows";
    private static final String COLUMNS = "columns";
    private static final String KEYS = "keys";
    private static final String WINDOW = "window";
    private static final String TIME = "time";
    private static final String AGGREGATES = "aggregates";

    private AggregationState() {}

    /** @param columns that it needs, or null if there has been no row */
    static Row of(AggregateOperator definition, long watermark, long rows, @Nullable Schema columns) {
        return Row.of(
                WATERMARK,
                watermark,
                ROWS,
                rows,
                COLUMNS,
                columns == null ? null : columns.toJson(),
                KEYS,
                definition.keys(),
                WINDOW,
                String.valueOf(definition.window()),
                TIME,
                definition.time(),
                AGGREGATES,
                definition.aggregates().stream().map(Aggregate::toString).toList());
    }

    static long watermark(Row state) {
        return state.has(WATERMARK) ? state.getLong(WATERMARK) : Watermark.NONE;
    }

    static long rows(Row state) {
        return state.getLong(ROWS);
    }

    /** The columns, or null if there had been no row; refuses the state of another aggregation, with the differences. */
    static @Nullable Schema columns(AggregateOperator definition, Row state, String stage) {
        List<String> differences = new ArrayList<>();
        Row now = of(definition, 0, 0, null);
        for (String name : List.of(KEYS, WINDOW, TIME, AGGREGATES)) {
            Object before = state.has(name) ? state.get(name) : null;
            if (!Objects.equals(texts(before), texts(now.get(name)))) {
                differences.add(name + ": " + texts(before) + " before, " + texts(now.get(name)) + " now");
            }
        }
        if (!differences.isEmpty()) {
            throw unfit(stage, String.join("; ", differences));
        }
        Object json = state.get(COLUMNS);
        try {
            return json == null ? null : Schema.fromJSON(json.toString());
        } catch (IOException malformed) {
            throw unfit(stage, "its columns cannot be read: " + malformed.getMessage());
        }
    }

    private static String texts(@Nullable Object value) {
        return value instanceof List<?> list && list.isEmpty() ? "none" : String.valueOf(value);
    }

    static SolsticeException unfit(String stage, String cause) {
        return ErrorCode.STATE_UNFIT
                .error("the state of stage '" + stage + "' is of another aggregation")
                .where("stage '" + stage + "'")
                .cause(cause)
                .help("give the stage the keys, window and aggregates that it had, or begin the job anew")
                .toException();
    }
}
