package io.solstice.connector.lance;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;
import org.lance.fragment.RowIdMeta;
import org.lance.fragment.VersionMeta;

/** Lance's description of a fragment just written, as JSON. Such a fragment has no deletions. */
final class FragmentJson {
    private FragmentJson() {}

    static void write(FragmentMetadata fragment, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", fragment.getId());
        json.writeNumberField("rows", fragment.getPhysicalRows());
        json.writeArrayFieldStart("files");
        for (DataFile file : fragment.getFiles()) {
            json.writeStartObject();
            json.writeStringField("path", file.getPath());
            json.writeFieldName("fields");
            json.writeArray(file.getFields(), 0, file.getFields().length);
            json.writeFieldName("column_indices");
            json.writeArray(file.getColumnIndices(), 0, file.getColumnIndices().length);
            json.writeNumberField("major", file.getFileMajorVersion());
            json.writeNumberField("minor", file.getFileMinorVersion());
            if (file.getFileSizeBytes() != null) {
                json.writeNumberField("size", file.getFileSizeBytes());
            }
            if (file.getBaseId().isPresent()) {
                json.writeNumberField("base", file.getBaseId().get());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        RowIdMeta rowIds = fragment.getRowIdMeta();
        writeText(json, "row_ids", rowIds == null ? null : rowIds.getMetadata());
        writeText(json, "created_at", metadata(fragment.getCreatedAtVersionMeta()));
        writeText(json, "last_updated_at", metadata(fragment.getLastUpdatedAtVersionMeta()));
        json.writeEndObject();
    }

    /** Reads from the object's start, where the parser stands, to its end. */
    static FragmentMetadata read(JsonParser json) throws IOException {
        int id = 0;
        long rows = 0;
        List<DataFile> files = new ArrayList<>();
        RowIdMeta rowIds = null;
        VersionMeta createdAt = null;
        VersionMeta lastUpdatedAt = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id = json.getIntValue();
                case "rows" -> rows = json.getLongValue();
                case "files" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        files.add(readFile(json));
                    }
                }
                case "row_ids" -> rowIds = new RowIdMeta(json.getText());
                case "created_at" -> createdAt = new VersionMeta(json.getText());
                case "last_updated_at" -> lastUpdatedAt = new VersionMeta(json.getText());
                default -> json.skipChildren();
            }
        }
        return new FragmentMetadata(id, files, rows, null, rowIds, createdAt, lastUpdatedAt);
    }

    private static DataFile readFile(JsonParser json) throws IOException {
        String path = "";
        int[] fields = {};
        int[] columnIndices = {};
        int major = 0;
        int minor = 0;
        Long size = null;
        Integer base = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "path" -> path = json.getText();
                case "fields" -> fields = readNumbers(json);
                case "column_indices" -> columnIndices = readNumbers(json);
                case "major" -> major = json.getIntValue();
                case "minor" -> minor = json.getIntValue();
                case "size" -> size = json.getLongValue();
                case "base" -> base = json.getIntValue();
                default -> json.skipChildren();
            }
        }
        return new DataFile(path, fields, columnIndices, major, minor, size, base);
    }

    private static int[] readNumbers(JsonParser json) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            numbers.add(json.getIntValue());
        }
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private static @Nullable String metadata(@Nullable VersionMeta meta) {
        return meta == null ? null : meta.getMetadata();
    }

    private static void writeText(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
