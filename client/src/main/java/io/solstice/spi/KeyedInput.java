package io.solstice.spi;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a stage are divided by key.
 *
 * @param columns of the key, in order
 * @param schema of the rows where they are divided, or null if it shows only while running
 */
public record KeyedInput(List<String> columns, @Nullable Schema schema, int keyGroups) {
    public KeyedInput {
        columns = List.copyOf(columns);
    }

    /** A column of the key, or null if its type is not known. */
    @Nullable
    Field field(int index) {
        return schema == null ? null : schema.findField(columns.get(index));
    }
}
