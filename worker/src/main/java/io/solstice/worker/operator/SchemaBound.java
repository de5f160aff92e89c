package io.solstice.worker.operator;

import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Something compiled for the schema of its input. Batches of one stage nearly always have one schema, and share its
 * object, so the check costs one comparison; a batch of another schema compiles anew.
 */
final class SchemaBound<T> {
    private final Function<Schema, T> compile;
    private @Nullable Schema schema;
    private @Nullable T compiled;

    SchemaBound(Function<Schema, T> compile) {
        this.compile = compile;
    }

    T of(Schema input) {
        T current = compiled;
        if (current != null && input == schema) {
            return current;
        }
        if (current == null || !input.equals(schema)) {
            current = compile.apply(input);
            compiled = current;
        }
        schema = input;
        return current;
    }
}
