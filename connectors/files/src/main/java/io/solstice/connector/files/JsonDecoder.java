package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Decodes JSON values into one vector; nested types hold decoders of their children. A row may be decoded again after a
 * failure, which overwrites what the failed try left.
 */
abstract class JsonDecoder {
    private final FieldVector vector;
    private final String path;

    JsonDecoder(FieldVector vector, String path) {
        this.vector = vector;
        this.path = path;
    }

    /** @param strict whether a field that the vector's type does not have is an error */
    static JsonDecoder of(FieldVector vector, String path, boolean strict) {
        ArrowType type = vector.getField().getType();
        return switch (type.getTypeID()) {
            case Bool -> new JsonScalars.Bool((BitVector) vector, path);
            case Int ->
                vector instanceof BigIntVector longs
                        ? new JsonScalars.Int64(longs, path)
                        : new JsonScalars.Text(vector, path, false);
            case FloatingPoint -> new JsonScalars.Floating(vector, path);
            case Struct -> new JsonStructDecoder((StructVector) vector, path, strict);
            case List, LargeList, FixedSizeList -> JsonListDecoder.of(vector, path, strict);
            case Map -> JsonMapDecoder.of(vector, path, strict);
            default -> new JsonScalars.Text(vector, path, !strict);
        };
    }

    /** Decodes the value whose first token the parser stands at; afterwards it stands at the last one. */
    final void decode(JsonParser parser, int row) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            setNull(row);
        } else {
            decodeValue(parser, row);
        }
    }

    abstract void decodeValue(JsonParser parser, int row) throws IOException;

    final void setNull(int row) {
        Field field = vector.getField();
        if (!field.isNullable() && field.getType().getTypeID() != ArrowType.ArrowTypeID.Null) {
            throw Malformed.value(path, "null or nothing", TextTypes.name(field), null);
        }
        vector.setNull(row);
    }

    final String path() {
        return path;
    }

    final SolsticeException mismatch(JsonParser parser, Throwable beneath) throws IOException {
        return Malformed.value(path, describe(parser), TextTypes.name(vector.getField()), beneath);
    }

    final SolsticeException mismatch(JsonParser parser) throws IOException {
        return Malformed.value(path, describe(parser), TextTypes.name(vector.getField()), null);
    }

    private static String describe(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "the text '" + parser.getText() + "'";
            default -> parser.getText();
        };
    }
}
