package io.solstice.api.operator;

import io.solstice.api.expr.Expression;
import io.solstice.api.row.Row;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * 1-to-1 transformation. From fastest to most convenient: expressions, functions on Java records, functions on rows.
 */
public sealed interface MapOperator extends OperatorDefinition {
    /** Rows of just these columns, each computed from the input. */
    static MapOperator select(Expression... columns) {
        return new Expressions(List.of(columns), false, false);
    }

    /** The input's columns, with these added or, where a name exists already, put in its place. */
    static MapOperator withColumns(Expression... columns) {
        return new Expressions(List.of(columns), true, false);
    }

    /**
     * A function on Java records: the components of {@code in} name the columns that are read, those of {@code out} the
     * columns of the result.
     */
    static <I extends Record, O extends Record> MapOperator records(
            Class<I> in, Class<O> out, MapFunction<? super I, ? extends O> mapFn) {
        return new Records<>(in, out, mapFn, false, false);
    }

    /** Like {@link #records}, but keeps the input's other columns: they are passed on without being touched. */
    static <I extends Record, O extends Record> MapOperator enrich(
            Class<I> in, Class<O> out, MapFunction<? super I, ? extends O> mapFn) {
        return new Records<>(in, out, mapFn, true, false);
    }

    /** A function on rows, whose result's columns are found out from the rows it returns. */
    static MapOperator rows(MapFunction<? super Row, ? extends Row> mapFn) {
        return new Rows(mapFn, null, false);
    }

    /** A function on rows that returns rows of the given schema. */
    static MapOperator rows(Schema output, MapFunction<? super Row, ? extends Row> mapFn) {
        return new Rows(mapFn, output, false);
    }

    /** Whether a record that fails is dropped, counted and written to the dead-letter output. Default: false. */
    MapOperator skipOnError(boolean skip);

    boolean skipOnError();

    @Override
    default String type() {
        return "MapOperator";
    }

    record Expressions(List<Expression> columns, boolean keepInput, boolean skipOnError) implements MapOperator {
        public Expressions {
            columns = List.copyOf(columns);
        }

        @Override
        public MapOperator skipOnError(boolean skip) {
            return new Expressions(columns, keepInput, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.of(keepInput ? "with_columns" : "select", columns, skipOnError);
        }
    }

    record Records<I extends Record, O extends Record>(
            Class<I> in,
            Class<O> out,
            MapFunction<? super I, ? extends O> function,
            boolean keepInput,
            boolean skipOnError)
            implements MapOperator {
        @Override
        public MapOperator skipOnError(boolean skip) {
            return new Records<>(in, out, function, keepInput, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.of("map_fn", in.getSimpleName() + " -> " + out.getSimpleName(), skipOnError);
        }
    }

    record Rows(
            MapFunction<? super Row, ? extends Row> function,
            @Nullable Schema output,
            boolean skipOnError) implements MapOperator {
        @Override
        public MapOperator skipOnError(boolean skip) {
            return new Rows(function, output, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.function("map_fn", function, skipOnError);
        }
    }
}
