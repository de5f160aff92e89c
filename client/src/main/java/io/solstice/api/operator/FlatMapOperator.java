package io.solstice.api.operator;

import io.solstice.api.row.Row;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** 1-to-N transformation: none, one or many records for each. */
public sealed interface FlatMapOperator extends OperatorDefinition {
    /** A function from one Java record to several: their components are the columns read and made. */
    static <I extends Record, O extends Record> FlatMapOperator records(
            Class<I> in, Class<O> out, FlatMapFunction<? super I, O> flatmapFn) {
        return new Records<>(in, out, flatmapFn, false);
    }

    /** A function from one row to several, whose columns are found out from the rows it returns. */
    static FlatMapOperator rows(FlatMapFunction<? super Row, Row> flatmapFn) {
        return new Rows(flatmapFn, null, false);
    }

    /** A function from one row to several of the given schema. */
    static FlatMapOperator rows(Schema output, FlatMapFunction<? super Row, Row> flatmapFn) {
        return new Rows(flatmapFn, output, false);
    }

    /** Whether a record that fails is dropped, counted and written to the dead-letter output. Default: false. */
    FlatMapOperator skipOnError(boolean skip);

    boolean skipOnError();

    @Override
    default String type() {
        return "FlatMapOperator";
    }

    record Records<I extends Record, O extends Record>(
            Class<I> in, Class<O> out, FlatMapFunction<? super I, O> function, boolean skipOnError)
            implements FlatMapOperator {
        @Override
        public FlatMapOperator skipOnError(boolean skip) {
            return new Records<>(in, out, function, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.of("flatmap_fn", in.getSimpleName() + " -> " + out.getSimpleName() + "*", skipOnError);
        }
    }

    record Rows(
            FlatMapFunction<? super Row, Row> function,
            @Nullable Schema output,
            boolean skipOnError) implements FlatMapOperator {
        @Override
        public FlatMapOperator skipOnError(boolean skip) {
            return new Rows(function, output, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.function("flatmap_fn", function, skipOnError);
        }
    }
}
