package io.solstice.connector.lance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.FragmentMetadata;

/**
 * What one task wrote, as the payload of its committable.
 *
 * @param first whether nothing of the job had been committed when the task began to write it
 * @param baseVersion the newest table version when the task began, 0 for no table
 * @param appends whether the files were written for the columns of that version
 */
record SealedFragments(
        boolean first,
        long baseVersion,
        boolean appends,
        String fileFormat,
        Schema schema,
        List<FragmentMetadata> fragments) {
    private static final JsonFactory JSON = new JsonFactory();

    SealedFragments {
        fragments = List.copyOf(fragments);
    }

    String toJson() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeBooleanField("first", first);
            json.writeNumberField("base_version", baseVersion);
            json.writeBooleanField("appends", appends);
            json.writeStringField("file_format", fileFormat);
            json.writeStringField("schema", Base64.getEncoder().encodeToString(schema.serializeAsMessage()));
            json.writeArrayFieldStart("fragments");
            for (FragmentMetadata fragment : fragments) {
                FragmentJson.write(fragment, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    static SealedFragments parse(String payload) throws IOException {
        boolean first = false;
        long baseVersion = 0;
        boolean appends = false;
        String fileFormat = "";
        Schema schema = new Schema(List.of());
        List<FragmentMetadata> fragments = new ArrayList<>();
        try (JsonParser json = JSON.createParser(payload)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "first" -> first = json.getBooleanValue();
                    case "base_version" -> baseVersion = json.getLongValue();
                    case "appends" -> appends = json.getBooleanValue();
                    case "file_format" -> fileFormat = json.getText();
                    case "schema" ->
                        schema = Schema.deserializeMessage(
                                ByteBuffer.wrap(Base64.getDecoder().decode(json.getText())));
                    case "fragments" -> {
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            fragments.add(FragmentJson.read(json));
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }
        return new SealedFragments(first, baseVersion, appends, fileFormat, schema, fragments);
    }
}
