package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/** Decodes a map, which is an object where its keys are texts, and an array of {@code {"key", "value"}} objects. */
final class JsonMapDecoder extends JsonDecoder {
    private final MapVector vector;
    private final StructVector entries;
    private final FieldVector keys;
    private final JsonDecoder values;
    private final JsonStructDecoder.Fields entryFields;

    private JsonMapDecoder(MapVector vector, String path, boolean strict) {
        super(vector, path);
        this.vector = vector;
        this.entries = (StructVector) vector.getDataVector();
        List<FieldVector> parts = entries.getChildrenFromFields();
        this.keys = parts.get(0);
        this.values = JsonDecoder.of(parts.get(1), path + "{}", strict);
        this.entryFields = new JsonStructDecoder.Fields(parts, path + "[].", strict);
    }

    static JsonMapDecoder of(FieldVector vector, String path, boolean strict) {
        return new JsonMapDecoder((MapVector) vector, path, strict);
    }

    @Override
    void decodeValue(JsonParser parser, int row) throws IOException {
        int first = vector.startNewValue(row);
        int count = 0;
        if (parser.currentToken() == JsonToken.START_OBJECT && keys instanceof VarCharVector texts) {
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                parser.nextToken();
                entries.setIndexDefined(first + count);
                texts.setSafe(first + count, key.getBytes(StandardCharsets.UTF_8));
                values.decode(parser, first + count);
                count++;
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw mismatch(parser);
                }
                entries.setIndexDefined(first + count);
                entryFields.decode(parser, first + count);
                count++;
            }
        } else {
            throw mismatch(parser);
        }
        vector.endValue(row, count);
    }
}
