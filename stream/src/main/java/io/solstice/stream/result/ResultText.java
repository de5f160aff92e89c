package io.solstice.stream.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Results as JSON in one column of text, for people. */
public final class ResultText {
    private static final String COLUMN = "result";
    private static final JsonFactory JSON = new JsonFactory();
    private static final Schema SCHEMA =
            new Schema(List.of(new Field(COLUMN, FieldType.nullable(ArrowType.Utf8.INSTANCE), null)));

    private ResultText() {}

    public static MapOperator operator() {
        return MapOperator.rows(SCHEMA, result -> Row.of(COLUMN, json(result)));
    }

    static String json(Row result) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, result);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof Row row) {
            json.writeStartObject();
            for (Map.Entry<String, @Nullable Object> entry : row.toMap().entrySet()) {
                json.writeFieldName(entry.getKey());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                write(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value.toString());
        }
    }
}
