package io.solstice.connector.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The Arrow schema that other Arrow libraries store in a Parquet file under {@code ARROW:schema} too, as an IPC message
 * in base64. It says what Parquet's own types do not: fixed sizes of lists, units and zones of timestamps, durations.
 */
final class StoredSchema {
    static final String KEY = "ARROW:schema";

    private StoredSchema() {}

    static String encode(Schema schema) throws IOException {
        var bytes = new ByteArrayOutputStream();
        MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), schema);
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** The schema, or null where the text is none: then the file is read by Parquet's types alone. */
    static @Nullable Schema decode(String text) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text);
            var channel = Channels.newChannel(new ByteArrayInputStream(bytes));
            return MessageSerializer.deserializeSchema(new ReadChannel(channel));
        } catch (IOException | RuntimeException foreign) {
            return null;
        }
    }

    /**
     * The columns as they shall be delivered: the stored types where DuckDB's can be turned into them, else DuckDB's.
     *
     * @param delivered what DuckDB makes of the file
     */
    static Schema restore(Schema delivered, @Nullable Schema stored) {
        List<Field> fields = new ArrayList<>();
        for (Field field : delivered.getFields()) {
            Field original = stored == null ? null : find(stored.getFields(), field.getName());
            fields.add(original == null ? plain(field) : restore(field, original));
        }
        return new Schema(fields, stored == null ? null : stored.getCustomMetadata());
    }

    private static @Nullable Field find(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Without the dictionaries of DuckDB's enumerations: these are read as texts. */
    private static Field plain(Field field) {
        if (field.getDictionary() != null) {
            return Field.nullable(field.getName(), new ArrowType.Utf8());
        }
        if (field.getChildren().isEmpty()) {
            return field;
        }
        List<Field> children =
                field.getChildren().stream().map(StoredSchema::plain).toList();
        return new Field(field.getName(), field.getFieldType(), children);
    }

    private static Field restore(Field delivered, Field original) {
        ArrowType from = delivered.getType();
        ArrowType to = original.getType();
        boolean sameType = from.equals(to) || (from instanceof ArrowType.Map && to instanceof ArrowType.Map);
        boolean restorable = sameType
                || (from instanceof ArrowType.Timestamp && to instanceof ArrowType.Timestamp)
                || (from instanceof ArrowType.Time && to instanceof ArrowType.Time time && time.getBitWidth() == 64)
                || (from instanceof ArrowType.List && to instanceof ArrowType.FixedSizeList)
                || (from.equals(new ArrowType.Int(64, true)) && to instanceof ArrowType.Duration);
        if (!restorable
                || delivered.getDictionary() != null
                || delivered.getChildren().size() != original.getChildren().size()) {
            return named(plain(delivered), original.getName());
        }
        List<Field> children = new ArrayList<>();
        for (int i = 0; i < delivered.getChildren().size(); i++) {
            children.add(restore(
                    delivered.getChildren().get(i), original.getChildren().get(i)));
        }
        FieldType type = new FieldType(original.isNullable(), to, null, original.getMetadata());
        return new Field(original.getName(), type, children);
    }

    private static Field named(Field field, String name) {
        return new Field(name, field.getFieldType(), field.getChildren());
    }
}
