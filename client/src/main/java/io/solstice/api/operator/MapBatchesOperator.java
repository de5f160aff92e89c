package io.solstice.api.operator;

import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A function on whole Arrow batches, for vectorised code, models and GPU calls.
 *
 * @param output the schema of the result, or null if it shows only while running
 * @param skipOnError whether a batch that fails is dropped whole, counted by rows and written to the dead-letter output
 */
public record MapBatchesOperator(
        BatchFunction function, @Nullable Schema output, boolean skipOnError) implements OperatorDefinition {
    public static MapBatchesOperator of(BatchFunction mapBatchesFn) {
        return new MapBatchesOperator(mapBatchesFn, null, false);
    }

    public static MapBatchesOperator of(Schema output, BatchFunction mapBatchesFn) {
        return new MapBatchesOperator(mapBatchesFn, output, false);
    }

    public MapBatchesOperator skipOnError(boolean skip) {
        return new MapBatchesOperator(function, output, skip);
    }

    @Override
    public String type() {
        return "MapBatchesOperator";
    }

    @Override
    public Map<String, String> options() {
        return Described.function("map_batches_fn", function, skipOnError);
    }
}
