package io.solstice.worker.window;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How a batch of what other tasks have aggregated is told from a batch of rows: its schema names the columns that were
 * aggregated. It has the keys, {@value #SLICE} if there are windows, and the aggregates as a checkpoint has them.
 */
final class PartialRows {
    static final String SLICE = "slice.start";
    private static final String COLUMNS = "solstice.aggregated";

    private PartialRows() {}

    static boolean are(Schema schema) {
        return schema.getCustomMetadata().containsKey(COLUMNS);
    }

    /** @param columns that the aggregation needs of its input */
    static Schema schema(List<Field> fields, Schema columns) {
        return new Schema(fields, Map.of(COLUMNS, columns.toJson()));
    }

    /** The columns of the input that were aggregated. */
    static Schema columns(Schema partial) {
        try {
            return Schema.fromJSON(partial.getCustomMetadata().get(COLUMNS));
        } catch (IOException malformed) {
            throw new UncheckedIOException("a schema that another task wrote", malformed);
        }
    }
}
