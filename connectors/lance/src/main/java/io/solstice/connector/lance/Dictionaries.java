package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The engine knows plain columns only: dictionary columns are decoded where they come in. */
final class Dictionaries {
    private Dictionaries() {}

    /** The field of the values. Dictionaries inside nested columns are refused. */
    static Field decoded(Field field, TableLocation location) {
        for (Field child : field.getChildren()) {
            refuseNested(child, field, location);
        }
        if (field.getDictionary() == null) {
            return field;
        }
        FieldType type = new FieldType(field.isNullable(), field.getType(), null, field.getMetadata());
        return new Field(field.getName(), type, field.getChildren());
    }

    private static void refuseNested(Field child, Field column, TableLocation location) {
        if (child.getDictionary() != null) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("the column '" + column.getName() + "' of " + location.path()
                            + " has a dictionary inside a nested value")
                    .where(location.option())
                    .help("leave the column out with 'columns'")
                    .toException();
        }
        for (Field inner : child.getChildren()) {
            refuseNested(inner, column, location);
        }
    }

    /** The values of an indexed vector, in a new vector of that field. The indexes stay the caller's. */
    static FieldVector decode(FieldVector indexes, Field values, ArrowReader dictionaries, BufferAllocator allocator)
            throws IOException {
        long id = indexes.getField().getDictionary().getId();
        try (FieldVector decoded =
                (FieldVector) DictionaryEncoder.decode(indexes, dictionaries.lookup(id), allocator)) {
            // The decoder names the vector after the dictionary.
            FieldVector named = values.createVector(allocator);
            decoded.makeTransferPair(named).transfer();
            return named;
        }
    }
}
