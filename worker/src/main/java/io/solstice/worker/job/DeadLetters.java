package io.solstice.worker.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.worker.task.UserFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records that {@code skip_on_error} or their lateness set aside in one stage of one task, as JSON lines. The file is
 * made with the first of them and stays after the job, whatever becomes of it. Each line is given to the system at once:
 * a record before a checkpoint is not met again, so its line must outlive this process. Used by one thread.
 */
final class DeadLetters implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final String stage;
    private @Nullable JsonGenerator out;

    DeadLetters(Path file, String stage) {
        this.file = file;
        this.stage = stage;
    }

    /** @param record a {@link Row}, or the raw text of what could not be read */
    void add(String place, Object record, Throwable why) {
        try {
            JsonGenerator json = open();
            json.writeStartObject();
            json.writeStringField("stage", stage);
            json.writeStringField("place", place);
            json.writeStringField("error", why.toString());
            json.writeStringField("at", UserFailure.firstUserFrame(why));
            json.writeFieldName("record");
            value(json, record);
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
        } catch (IOException failure) {
            throw ErrorCode.IO_FAILED
                    .error("cannot write the dead-letter file " + file)
                    .cause(String.valueOf(failure.getMessage()))
                    .help("free space or permissions there, or set skip_on_error to false")
                    .toException(failure);
        }
    }

    private JsonGenerator open() throws IOException {
        JsonGenerator json = out;
        if (json == null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            json = JSON.createGenerator(Files.newOutputStream(file));
            json.setRootValueSeparator(null);
            out = json;
        }
        return json;
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof Row row) {
            value(json, row.toMap());
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                value(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof float[] floats) {
            json.writeStartArray();
            for (float item : floats) {
                json.writeNumber(item);
            }
            json.writeEndArray();
        } else if (value instanceof double[] doubles) {
            json.writeArray(doubles, 0, doubles.length);
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else if (value instanceof Double || value instanceof Float) {
            json.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof Number number) {
            json.writeNumber(number.toString());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value != null) {
            json.writeString(value.toString());
        } else {
            json.writeNull();
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
