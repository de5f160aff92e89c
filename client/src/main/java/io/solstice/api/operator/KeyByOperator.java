package io.solstice.api.operator;

import io.solstice.api.expr.Expression;
import io.solstice.api.row.Row;
import java.util.List;
import java.util.Map;

/**
 * Extracts keys. The edge behind it is divided by key: all records with one key go to one task of the next stage, in
 * their order. A null key is a key like any other.
 */
public sealed interface KeyByOperator extends OperatorDefinition {
    /** The column that holds the key where it is computed. */
    String KEY_COLUMN = "key";

    /** The key is the value of these columns, which stay as they are. */
    static KeyByOperator columns(String... names) {
        return new Columns(List.of(names));
    }

    /** The key is computed and added as the column {@value #KEY_COLUMN}. */
    static KeyByOperator expression(Expression key) {
        return new Computed(key);
    }

    /** The key is the text of what the function returns, added as the column {@value #KEY_COLUMN}; null stays null. */
    static Rows rows(KeyFunction<? super Row> keyFn) {
        return new Rows(keyFn, false);
    }

    /** Like {@link #rows}, on Java records. */
    static <I extends Record> Records<I> records(Class<I> in, KeyFunction<? super I> keyFn) {
        return new Records<>(in, keyFn, false);
    }

    /** The columns that decide. */
    default List<String> keyColumns() {
        return List.of(KEY_COLUMN);
    }

    @Override
    default String type() {
        return "KeyByOperator";
    }

    record Columns(List<String> names) implements KeyByOperator {
        public Columns {
            names = List.copyOf(names);
        }

        @Override
        public List<String> keyColumns() {
            return names;
        }

        @Override
        public Map<String, String> options() {
            return Map.of("columns", String.join(",", names));
        }
    }

    record Computed(Expression key) implements KeyByOperator {
        @Override
        public Map<String, String> options() {
            return Map.of("key", key.toString());
        }
    }

    record Rows(KeyFunction<? super Row> function, boolean skipOnError) implements KeyByOperator {
        /** Whether a record that fails is dropped, counted and written to the dead-letter output. Default: false. */
        public Rows skipOnError(boolean skip) {
            return new Rows(function, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.function("key_fn", function, skipOnError);
        }
    }

    record Records<I extends Record>(Class<I> in, KeyFunction<? super I> function, boolean skipOnError)
            implements KeyByOperator {
        /** Whether a record that fails is dropped, counted and written to the dead-letter output. Default: false. */
        public Records<I> skipOnError(boolean skip) {
            return new Records<>(in, function, skip);
        }

        @Override
        public Map<String, String> options() {
            return Described.of("key_fn", in.getSimpleName() + " -> key", skipOnError);
        }
    }
}
