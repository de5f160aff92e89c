package io.solstice.api.operator;

import io.solstice.api.expr.Expression;
import io.solstice.api.row.Row;
import java.util.Map;

/** Keeps the records for which a condition holds. A condition that is null for a record does not hold. */
public sealed interface FilterOperator extends OperatorDefinition {
    static FilterOperator where(Expression condition) {
        return new Where(condition, false);
    }

    /** A test on Java records: the components of {@code in} name the columns that are read. */
    static <I extends Record> FilterOperator records(Class<I> in, FilterFunction<? super I> filterFn) {
        return new Records<>(in, filterFn, false);
    }

    static FilterOperator rows(FilterFunction<? super Row> filterFn) {
        return new Rows(filterFn, false);
    }

    /** Whether a record that fails is dropped, counted and written to the dead-letter output. Default: false. */
    FilterOperator skipOnError(boolean skip);

    boolean skipOnError();

    @Override
    default String type() {
        return "FilterOperator";
    }

    record Where(Expression condition, boolean skipOnError) implements FilterOperator {
        @Override
        public FilterOperator skipOnError(boolean skip) {
            return new Where(condition, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.of("where", condition, skipOnError);
        }
    }

    record Records<I extends Record>(Class<I> in, FilterFunction<? super I> function, boolean skipOnError)
            implements FilterOperator {
        @Override
        public FilterOperator skipOnError(boolean skip) {
            return new Records<>(in, function, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.of("filter_fn", in.getSimpleName() + " -> boolean", skipOnError);
        }
    }

    record Rows(FilterFunction<? super Row> function, boolean skipOnError) implements FilterOperator {
        @Override
        public FilterOperator skipOnError(boolean skip) {
            return new Rows(function, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.function("filter_fn", function, skipOnError);
        }
    }
}
