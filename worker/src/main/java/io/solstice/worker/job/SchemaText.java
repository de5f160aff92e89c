package io.solstice.worker.job;

import io.solstice.common.id.StageId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;

/** Schemas as text, for a master that carries them and knows no Arrow: base64 of the Arrow IPC schema message. */
final class SchemaText {
    private SchemaText() {}

    static Map<StageId, String> write(Map<StageId, Schema> schemas) {
        Map<StageId, String> texts = new HashMap<>();
        schemas.forEach(
                (stage, schema) -> texts.put(stage, Base64.getEncoder().encodeToString(schema.serializeAsMessage())));
        return texts;
    }

    static Map<StageId, Schema> read(Map<StageId, String> texts) {
        Map<StageId, Schema> schemas = new HashMap<>();
        texts.forEach((stage, text) -> schemas.put(
                stage,
                Schema.deserializeMessage(ByteBuffer.wrap(Base64.getDecoder().decode(text)))));
        return schemas;
    }
}
